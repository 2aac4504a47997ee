import { sql, type Kysely } from 'kysely';
import type { JobType } from '../domain/enums.ts';

/**
 * Jobs that may have something to do for a worker: the oldest first, 100 at most. Besides those of `types` these
 * are jobs whose cancelling may have outlived the process that ran them.
 */
export async function findRunnableJobs(db: Kysely<any>, types: readonly JobType[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from jobs
    where job_type = any(${types}::job_type[]) and status in ('pending', 'running') or status = 'cancelling'
    order by created_at
    limit 100`.execute(db);
  return rows.map(({ id }) => id);
}
