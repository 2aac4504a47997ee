import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { UserError } from '../domain/errors.ts';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { Job } from '../schema/Job.ts';
import { FollowUpInput, JobActionInput, RetryJobInput, StartDraftJobInput } from '../schema/jobInputs.ts';
import { JobPayload } from '../schema/payloads.ts';
import { cancelJob } from '../services/cancelJob.ts';
import { followUp } from '../services/followUps/followUp.ts';
import type { JobContext } from '../services/jobContext.ts';
import { pauseJob } from '../services/pauseJob.ts';
import { resumeJob } from '../services/resumeJob.ts';
import { retryJob } from '../services/retryJob.ts';
import { startDraftJob } from '../services/drafts/startDraftJob.ts';
import type { Context } from './context.ts';
import { requireFilter, optionalUuid, requireUuid, requireUuids, withUserErrors } from './userErrors.ts';

/** What a mutation of jobs answers before `job` is read. */
export interface JobAnswer {
  jobId: string | null;
  userErrors: readonly UserError[];
  warnings: readonly string[];
}

@Resolver(() => JobPayload)
export class JobMutations {
  @Mutation(() => JobPayload, { description: 'Writes drafts for many prospects.' })
  startDraftJob(
    @Ctx() context: Context,
    @Arg('input', () => StartDraftJobInput, { description: 'For whom, and from which template.' }) input: StartDraftJobInput,
  ): Promise<JobAnswer> {
    return answer(context, async (services) =>
      startDraftJob(services, {
        ...input,
        prospectIds: input.prospectIds && requireUuids('Prospect', input.prospectIds, 'prospectIds'),
        filter: input.filter && requireFilter(input.filter),
        templateId: optionalUuid('Template', input.templateId, 'templateId'),
      }),
    );
  }

  @Mutation(() => JobPayload, { description: 'Writes follow-ups for all who have not answered; they are reviewed and sent like the first.' })
  followUp(
    @Ctx() context: Context,
    @Arg('input', () => FollowUpInput, { description: 'After how long, and from which text.' }) input: FollowUpInput,
  ): Promise<JobAnswer> {
    return answer(context, async (services) =>
      followUp(services, { ...input, templateId: optionalUuid('Template', input.templateId, 'templateId') }),
    );
  }

  @Mutation(() => JobPayload, { description: 'Holds a running job; chunks in hand end first.' })
  pauseJob(@Ctx() context: Context, @Arg('input', () => JobActionInput, { description: 'Which job.' }) input: JobActionInput): Promise<JobAnswer> {
    return act(context, input, pauseJob);
  }

  @Mutation(() => JobPayload, { description: 'Lets a paused job go on.' })
  resumeJob(@Ctx() context: Context, @Arg('input', () => JobActionInput, { description: 'Which job.' }) input: JobActionInput): Promise<JobAnswer> {
    return act(context, input, resumeJob);
  }

  @Mutation(() => JobPayload, { description: 'Gives up what a job has not started.' })
  cancelJob(@Ctx() context: Context, @Arg('input', () => JobActionInput, { description: 'Which job.' }) input: JobActionInput): Promise<JobAnswer> {
    return act(context, input, cancelJob);
  }

  @Mutation(() => JobPayload, { description: 'A new job over only the failed targets of a finished one.' })
  retryJob(@Ctx() context: Context, @Arg('input', () => RetryJobInput, { description: 'Which failures.' }) input: RetryJobInput): Promise<JobAnswer> {
    const { id, ...rest } = input;
    return answer(context, async (services) => retryJob(services, { ...rest, jobId: requireUuid('Job', id, 'id') }));
  }

  @FieldResolver(() => Job, { nullable: true, description: 'The job as it is now.' })
  job(@Root() { jobId }: JobAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Job', jobId, info);
  }
}

type Action = (services: JobContext, target: { jobId: string }) => Promise<void>;

function act(context: Context, { id }: JobActionInput, action: Action): Promise<JobAnswer> {
  return answer(context, async (services) => {
    const jobId = requireUuid('Job', id, 'id');
    await action(services, { jobId });
    return { jobId };
  });
}

export async function answer(context: Context, run: (services: JobContext) => Promise<{ jobId: string; warnings?: readonly string[] }>): Promise<JobAnswer> {
  const { result, userErrors } = await withUserErrors(() => run(context.services()));
  context.refresh();
  return { jobId: result?.jobId ?? null, warnings: result?.warnings ?? [], userErrors };
}
