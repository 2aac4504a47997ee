import { sql, type Kysely } from 'kysely';

/** Draft jobs that may have something to do for a worker: the oldest first, 100 at most. */
export async function findRunnableJobs(db: Kysely<any>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from jobs
    where job_type = 'draft' and status in ('pending', 'running', 'cancelling')
    order by created_at
    limit 100`.execute(db);
  return rows.map(({ id }) => id);
}
