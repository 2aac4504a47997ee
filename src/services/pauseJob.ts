import { JobStatus } from '../domain/enums.ts';
import { inTransaction } from './inTransaction.ts';
import type { JobContext } from './jobContext.ts';
import { transitionJob } from './transitionJob.ts';

/** No further chunk is started; those in hand end. @throws {UserErrors} NOT_FOUND, ILLEGAL_TRANSITION */
export async function pauseJob({ em, actor, events }: JobContext, { jobId }: { jobId: string }): Promise<void> {
  const { sequence } = await inTransaction(em, (tx) => transitionJob(tx.getKysely(), jobId, JobStatus.PAUSED, actor.name));
  events.publish('jobs', [[jobId, sequence]]);
}
