import { sql, type Kysely } from 'kysely';
import type { JobStatus } from '../domain/enums.ts';

/** A job as subscribers see it. */
export interface JobRow {
  jobId: string;
  status: JobStatus;
  /** the greater one is newer */
  sequence: number;
  /** null until it is known */
  totalTargets: number | null;
  /** done + failed + skipped */
  processed: number;
  failedCount: number;
  skippedCount: number;
  draftsCreated: number;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** when it was read, by the database's clock */
  at: Date;
}

const columns = sql`
  id as "jobId", status, sequence, total_targets as "totalTargets", processed, failed_count as "failedCount",
  skipped_count as "skippedCount", drafts_created as "draftsCreated",
  started_at as "startedAt", finished_at as "finishedAt", clock_timestamp() as at`;

/** Those of these jobs that exist. */
export async function readJobs(db: Kysely<any>, ids: readonly string[]): Promise<JobRow[]> {
  const { rows } = await sql<JobRow>`select ${columns} from jobs where id = any(${ids}::uuid[])`.execute(db);
  return rows.map(withDates);
}

/** Jobs that are not finished, or changed within the last half minute. */
export async function readLiveJobs(db: Kysely<any>): Promise<JobRow[]> {
  const { rows } = await sql<JobRow>`
    select ${columns} from jobs
    where status in ('pending', 'running', 'paused', 'cancelling') or updated_at > now() - interval '30 seconds'`.execute(db);
  return rows.map(withDates);
}

/** MikroORM's parsers leave timestamps as text. */
function withDates(row: JobRow): JobRow {
  const toDate = (value: Date | null) => value && new Date(value);
  return { ...row, startedAt: toDate(row.startedAt), finishedAt: toDate(row.finishedAt), at: new Date(row.at) };
}
