import type { JobContext } from '../jobContext.ts';
import { rollUpJob } from '../rollUpJob.ts';

/** After the commit that ended a message's chunk: the job counts it, and ends with its last one. Should this not happen, a worker does it. */
export async function rollUpMessageJob({ em, events }: Pick<JobContext, 'em' | 'events'>, jobId: string | null): Promise<void> {
  if (jobId === null) return;
  const { changed, sequence } = await rollUpJob(em, jobId);
  if (changed) {
    events.publish('jobs', [[jobId, sequence]]);
  }
}
