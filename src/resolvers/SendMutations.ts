import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { JobPayload } from '../schema/payloads.ts';
import { SendMessagesInput } from '../schema/sendInputs.ts';
import { sendMessages } from '../services/sending/sendMessages.ts';
import type { Context } from './context.ts';
import { answer, type JobAnswer } from './JobMutations.ts';
import { optionalUuid, requireUuids } from './userErrors.ts';

@Resolver(() => JobPayload)
export class SendMutations {
  @Mutation(() => JobPayload, { description: 'Queues a message for each approved draft; a worker sends them within the limits of the settings.' })
  sendMessages(
    @Ctx() context: Context,
    @Arg('input', () => SendMessagesInput, { description: 'Which drafts.' }) input: SendMessagesInput,
  ): Promise<JobAnswer> {
    return answer(context, async (services) =>
      sendMessages(services, {
        ...input,
        draftIds: input.draftIds && requireUuids('Draft', input.draftIds, 'draftIds'),
        jobId: optionalUuid('Job', input.jobId, 'jobId'),
      }),
    );
  }
}
