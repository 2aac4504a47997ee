import { sql, type Kysely } from 'kysely';

/**
 * Jobs that may have something to do for a worker: the oldest first, 100 at most. Besides drafts these are jobs whose
 * cancelling may have outlived the process that ran them.
 */
export async function findRunnableJobs(db: Kysely<any>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from jobs
    where job_type = 'draft' and status in ('pending', 'running') or status = 'cancelling'
    order by created_at
    limit 100`.execute(db);
  return rows.map(({ id }) => id);
}
