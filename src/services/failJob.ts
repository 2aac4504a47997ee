import { sql, type Kysely } from 'kysely';
import { JobStatus } from '../domain/enums.ts';
import { rollUp } from './rollUpJob.ts';
import { transitionJob } from './transitionJob.ts';
import type { WorkerContext } from './workerContext.ts';

/**
 * Ends a RUNNING job that cannot be worked on, or on with, with its reason; what was done of it until then is counted.
 * @param isStill asked once the job is locked: whether it is so yet
 */
export async function failJob({ em, events }: Pick<WorkerContext, 'em' | 'events'>, jobId: string, reason: string, isStill?: (db: Kysely<any>) => Promise<boolean>): Promise<void> {
  const sequence = await em().transactional(async (tx) => {
    await rollUp(tx.getKysely(), jobId);
    if (isStill && !(await isStill(tx.getKysely()))) return null;
    return giveUp(tx.getKysely(), jobId, { reason, actor: 'worker' });
  });
  if (sequence !== null) events.publish('jobs', [[jobId, sequence]]);
}

/**
 * The same inside the caller's transaction; answers the job's new sequence.
 * @throws {UserErrors} NOT_FOUND, ILLEGAL_TRANSITION
 */
export async function giveUp(db: Kysely<any>, jobId: string, { reason, actor }: { reason: string; actor: string }): Promise<number> {
  const { sequence } = await transitionJob(db, jobId, JobStatus.FAILED, actor);
  await sql`update jobs set error = ${reason} where id = ${jobId}::uuid`.execute(db);
  await sql`
    update job_chunks set state = 'cancelled', lease_until = null, fence = fence + 1
    where job_id = ${jobId}::uuid and state in ('ready', 'running')`.execute(db);
  return sequence;
}
