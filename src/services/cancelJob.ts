import { JobStatus, JobType } from '../domain/enums.ts';
import { announceWork } from './announceWork.ts';
import { inTransaction } from './inTransaction.ts';
import type { JobContext } from './jobContext.ts';
import { cancelMessagesOfJob } from './messages/cancelWaitingMessages.ts';
import { rollUp } from './rollUpJob.ts';
import { transitionJob } from './transitionJob.ts';

/**
 * Gives up what has not been started. Chunks in hand end first, so that the job is CANCELLING until they have,
 * and CANCELLED at once when there are none. What a sending job has queued is cancelled with it.
 * @throws {UserErrors} NOT_FOUND, ILLEGAL_TRANSITION
 */
export async function cancelJob({ em, actor, events }: JobContext, { jobId }: { jobId: string }): Promise<void> {
  const { sequence } = await inTransaction(em, async (tx) => {
    const { jobType } = await transitionJob(tx.getKysely(), jobId, JobStatus.CANCELLING, actor.name);
    if (jobType === JobType.SEND) await cancelMessagesOfJob(tx.getKysely(), jobId, actor.name);
    return rollUp(tx.getKysely(), jobId);
  });
  announceWork(events, jobId, sequence);
}
