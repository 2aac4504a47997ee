import { JobStatus } from '../domain/enums.ts';
import { UserErrors } from '../domain/errors.ts';
import { transitionJob } from './transitionJob.ts';
import type { WorkerContext } from './workerContext.ts';

/** A PENDING job becomes RUNNING, and whoever watches it is told. */
export async function beginJob({ em, events }: WorkerContext, jobId: string): Promise<void> {
  try {
    const { sequence } = await em().transactional((tx) => transitionJob(tx.getKysely(), jobId, JobStatus.RUNNING, 'worker'));
    events.publish('jobs', [[jobId, sequence]]);
  } catch (error) {
    // Another worker was first, or the job was cancelled meanwhile: claiming looks at its state again.
    if (!(error instanceof UserErrors)) throw error;
  }
}
