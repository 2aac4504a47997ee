import { sql, type Kysely } from 'kysely';
import type { JobType } from '../domain/enums.ts';

/** Where a walk through the jobs has come. */
export interface JobPlace {
  id: string;
  /** timestamptz as text */
  createdAt: string;
}

/** Jobs of one page. */
export const pageSize = 100;

/**
 * Jobs that may have something to do for a worker: the oldest first, those behind a place where one is given, `pageSize` at
 * most. Besides those of `types` these are jobs whose cancelling may have outlived the process that ran them.
 */
export async function findRunnableJobs(db: Kysely<any>, types: readonly JobType[], after: JobPlace | null = null): Promise<JobPlace[]> {
  const { rows } = await sql<JobPlace>`
    select id, created_at::text as "createdAt" from jobs
    where (job_type = any(${types}::job_type[]) and status in ('pending', 'running') or status = 'cancelling')
      ${after ? sql`and (created_at, id) > (${after.createdAt}::timestamptz, ${after.id}::uuid)` : sql``}
    order by created_at, id
    limit ${pageSize}`.execute(db);
  return rows;
}
