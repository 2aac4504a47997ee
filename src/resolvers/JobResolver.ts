import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { Channel, Drafter, JobStatus, JobType, TargetOutcome } from '../domain/enums.ts';
import { failuresOfJob } from '../loaders/edges.ts';
import { heldMessages } from '../loaders/heldMessages.ts';
import { heldModel } from '../loaders/heldModel.ts';
import { nodeById, nodeByKey } from '../loaders/nodeLoader.ts';
import { anyWorker } from '../loaders/anyWorker.ts';
import { throughputOfJob, type Written } from '../loaders/throughput.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listJobs } from '../queries/lists.ts';
import { workers, type WorkerRow } from '../queries/workers.ts';
import { FailureReason, Job, JobConnection, JobFailureConnection, JobThroughput, OutcomeCount, Worker } from '../schema/Job.ts';
import { JobFailuresArgs, JobsArgs } from '../schema/listArgs.ts';
import type { Context } from './context.ts';

const waitsForWorker: readonly unknown[] = [JobStatus.PENDING, JobStatus.RUNNING, JobStatus.CANCELLING];

/** What a worker needs for a job: its operation's, which is refused without it. */
const work: Partial<Record<JobType, Readonly<Record<Channel, string>>>> = {
  [JobType.DRAFT]: { [Channel.EMAIL]: 'Mutation.startDraftJob', [Channel.SOCIAL]: 'StartDraftJobInput.channel' },
  [JobType.FOLLOW_UP]: { [Channel.EMAIL]: 'Mutation.followUp', [Channel.SOCIAL]: 'FollowUpInput.channel' },
  [JobType.SEND]: { [Channel.EMAIL]: 'Mutation.sendMessages', [Channel.SOCIAL]: 'SendMessagesInput.channel' },
};

@Resolver(() => Job)
export class JobResolver {
  @Query(() => Job, { nullable: true, description: 'The job with this id.' })
  job(
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('id', () => ID, { description: 'Of a job.' }) id: string,
  ): Promise<Row | null> {
    return nodeById(context, 'Job', id, info);
  }

  @Query(() => JobConnection, { nullable: true, description: 'Jobs, filtered and ordered.' })
  jobs(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => JobsArgs) args: JobsArgs): Promise<Connection> {
    return listJobs(db, args, info);
  }

  @Query(() => [Worker], { nullable: true, description: 'Empty: no worker is running, and jobs stay PENDING.' })
  workers(@Ctx() { db }: Context): Promise<WorkerRow[]> {
    return workers(db);
  }

  @FieldResolver(() => [OutcomeCount], { description: 'One count per outcome; they sum to `processed`.' })
  outcomes(@Root() job: Row): OutcomeCount[] {
    const counts = job['outcomes'] as Record<string, number>;
    return Object.values(TargetOutcome).flatMap((outcome) => (counts[outcome] ? [{ outcome, count: counts[outcome] }] : []));
  }

  @FieldResolver(() => [FailureReason], { nullable: true, description: 'The most frequent failures, at most 20.' })
  failureReasons(@Root() job: Row): FailureReason[] {
    return job['failureReasons'] as FailureReason[];
  }

  @FieldResolver(() => String, { nullable: true, description: 'What holds it: no worker is running, paused, schema not ready, rate limit; of messages: window, daily cap, gap, mail server, a person.' })
  async waitingFor(@Root() job: Row, @Ctx() context: Context): Promise<string | null> {
    const { status, type, channel, drafter } = job['waitingFor'] as { status: JobStatus; type: JobType; channel: Channel | null; drafter: Drafter | null };
    if (status === JobStatus.PAUSED) return 'It is paused: resume it to go on.';
    // Whoever reads the file works on an import.
    if (!waitsForWorker.includes(status) || type === JobType.IMPORT) return null;
    if (!(await anyWorker(context))) return 'No worker is running: start one with "outrider worker".';
    const coordinate = type === JobType.DISCOVER ? 'Mutation.discover' : channel && work[type]?.[channel];
    const parts = coordinate ? context.missingFor(coordinate) : null;
    if (parts !== null) return `The schema is not ready: ${parts.missing.join(', ')}. Mend it with "${parts.fix}".`;
    const held = type === JobType.SEND && channel ? await heldMessages(context, channel, job.key)
      : drafter === Drafter.LANGUAGE_MODEL ? await heldModel(context) : null;
    return held && `${held.reason}${held.until === null ? '' : ` It goes on at ${held.until}.`}`;
  }

  @FieldResolver(() => [JobThroughput], {
    nullable: true,
    description: 'What it wrote over time, as far as that is still there: from its start to its end or now, in 60 equal intervals at most. Empty before it starts.',
  })
  throughput(@Root() job: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Written[]> {
    return throughputOfJob(context, info).load(job.key);
  }

  @FieldResolver(() => Job, { nullable: true, description: 'The job whose failures it tries again.' })
  retryOf(@Root() job: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Job', job['retryOf'], info);
  }

  @FieldResolver(() => JobFailureConnection, { nullable: true, description: 'What went wrong, target by target.' })
  failures(
    @Root() job: Row,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Args(() => JobFailuresArgs) args: JobFailuresArgs,
  ): Promise<Connection> {
    return failuresOfJob(context, args, info).load(job.key);
  }
}
