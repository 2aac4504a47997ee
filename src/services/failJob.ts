import { sql } from 'kysely';
import { JobStatus } from '../domain/enums.ts';
import { transitionJob } from './transitionJob.ts';
import type { WorkerContext } from './workerContext.ts';

/** Ends a RUNNING job that cannot be worked on at all, with its reason. */
export async function failJob({ em, events }: WorkerContext, jobId: string, reason: string): Promise<void> {
  const sequence = await em().transactional(async (tx) => {
    const db = tx.getKysely();
    const transition = await transitionJob(db, jobId, JobStatus.FAILED, 'worker');
    await sql`update jobs set error = ${reason} where id = ${jobId}::uuid`.execute(db);
    await sql`
      update job_chunks set state = 'cancelled', lease_until = null, fence = fence + 1
      where job_id = ${jobId}::uuid and state in ('ready', 'running')`.execute(db);
    return transition.sequence;
  });
  events.publish('jobs', [[jobId, sequence]]);
}
