import { JobStatus, JobType } from '../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import { draftTask } from '../queue/draftTask.ts';
import { announceWork } from './announceWork.ts';
import { enqueueIn } from './enqueueIn.ts';
import { inTransaction } from './inTransaction.ts';
import type { JobContext } from './jobContext.ts';
import { lockJob, transitionJob } from './transitionJob.ts';

/** A paused job goes on where it stopped. @throws {UserErrors} NOT_FOUND, ILLEGAL_TRANSITION */
export async function resumeJob({ em, actor, queue, events }: JobContext, { jobId }: { jobId: string }): Promise<void> {
  const { sequence } = await inTransaction(em, async (tx) => {
    const { status } = await lockJob(tx.getKysely(), jobId);
    if (status === JobStatus.PENDING) {
      throw new UserErrors({
        code: UserErrorCode.ILLEGAL_TRANSITION,
        message: 'The job is PENDING: it has not been paused, and starts as soon as a worker is free.',
        field: ['input', 'id'],
        allowed: [JobStatus.CANCELLING.toUpperCase()],
      });
    }
    const transition = await transitionJob(tx.getKysely(), jobId, JobStatus.RUNNING, actor.name);
    if (transition.jobType === JobType.DRAFT || transition.jobType === JobType.FOLLOW_UP) {
      await enqueueIn(tx, queue, draftTask, { jobId });
    }
    return transition;
  });
  announceWork(events, jobId, sequence);
}
