import { sql, type Kysely } from 'kysely';
import type { JobStatus, JobType } from '../domain/enums.ts';

/** What there is to do, and who does it, by the table that tells. */
export interface Workload {
  /** that have said something in the last minute */
  workers: number;
  jobs: {
    /** that have not ended */
    live: { type: JobType; status: JobStatus; count: number }[];
    /** of the oldest that nobody has begun; 0 when there is none */
    waitingSeconds: number;
    /** that ended within the last hour */
    ended: { status: JobStatus; count: number }[];
  };
  /** of which nobody knows whether they arrived: a person decides */
  email_messages: number;
  /** as for email_messages */
  social_messages: number;
}

/** Each along an index: what has ended long ago costs nothing. */
const figures = {
  workers: sql`count(*)::int from workers where seen_at > now() - interval '1 minute'`,
  jobs: sql`json_build_object(
    'live', (
      select coalesce(json_agg(live), '[]')
      from (select job_type as type, status, count(*)::int from jobs where status in ('pending', 'running', 'paused', 'cancelling') group by 1, 2) as live
    ),
    'waitingSeconds', (select coalesce(extract(epoch from now() - min(created_at)), 0)::float8 from jobs where status = 'pending'),
    'ended', (
      select coalesce(json_agg(late), '[]')
      from (
        select status, count(*)::int from jobs
        where coalesce(finished_at, 'infinity') > now() - interval '1 hour' and coalesce(finished_at, 'infinity') < 'infinity'
        group by 1
      ) as late
    )
  )`,
  email_messages: sql`count(*)::int from email_messages where status = 'outcome_unknown'`,
  social_messages: sql`count(*)::int from social_messages where status = 'outcome_unknown'`,
} satisfies Record<keyof Workload, unknown>;

/** What one table tells. A statement of its own: a table that is lost or locked must not hide what the others tell. */
export async function readWorkload<Table extends keyof Workload>(db: Kysely<any>, table: Table): Promise<Workload[Table]> {
  const { rows } = await sql<{ figure: Workload[Table] }>`select figure from (select ${figures[table]}) as told (figure)`.execute(db);
  return rows[0]!.figure;
}
