import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Info, Resolver, Root, Subscription } from 'type-graphql';
import { OutriderError } from '../domain/errors.ts';
import { uuidOf } from '../domain/globalId.ts';
import type { Conflation } from '../events/conflation.ts';
import { nodeLoader } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { Job, JobProgress } from '../schema/Job.ts';
import type { JobSnapshot } from '../services/watchJobs.ts';
import type { Context } from './context.ts';

interface Subscribing<Args = object> {
  context: Context;
  args: Args;
}

@Resolver(() => JobProgress)
export class JobSubscriptions {
  @Subscription(() => JobProgress, {
    subscribe: subscribeToJob,
    description: 'First the present state, then every change (at most 10 a second), then completes after the terminal one.',
  })
  jobProgress(
    @Root() report: JobSnapshot,
    @Arg('id', () => ID, { description: 'Of a job.' }) _id: string,
  ): JobSnapshot {
    return report;
  }

  @Subscription(() => Job, {
    subscribe: ({ context }: Subscribing) => context.jobs.changes(),
    description: 'Every job that changes from now on, at most 10 times a second each.',
  })
  jobsChanged(@Root() jobId: string, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeLoader(context, 'Job', info).load(jobId);
  }

  @FieldResolver(() => Job, { description: 'The job itself.' })
  job(@Root() { jobId }: JobSnapshot, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeLoader(context, 'Job', info).load(jobId);
  }
}

async function subscribeToJob({ args, context }: Subscribing<{ id: string }>): Promise<Conflation<JobSnapshot>> {
  const jobId = uuidOf('Job', args.id);
  const progress = jobId && (await context.jobs.progress(jobId));
  if (!progress) throw new OutriderError('NOT_FOUND', 'There is no job with this id.');
  return progress;
}
