import { sql, type Kysely } from 'kysely';
import type { Channel, JobStatus, JobType } from '../domain/enums.ts';

/** What there is to do, and who does it. */
export interface Workload {
  /** that have said something in the last minute */
  workers: number;
  /** jobs that have not ended */
  jobs: { type: JobType; status: JobStatus; count: number }[];
  /** of the oldest job that nobody has begun; 0 when there is none */
  waitingSeconds: number;
  /** jobs that ended within the last hour */
  ended: { status: JobStatus; count: number }[];
  /** messages of which nobody knows whether they arrived: a person decides */
  unresolved: { channel: Channel; count: number }[];
}

/** One statement, each part of it along an index: what has ended long ago costs nothing. */
export async function readWorkload(db: Kysely<any>): Promise<Workload> {
  const { rows } = await sql<Workload>`
    select
      (select count(*)::int from workers where seen_at > now() - interval '1 minute') as workers,
      (
        select coalesce(json_agg(live), '[]')
        from (select job_type as type, status, count(*)::int from jobs where status in ('pending', 'running', 'paused', 'cancelling') group by 1, 2) as live
      ) as jobs,
      (select coalesce(extract(epoch from now() - min(created_at)), 0)::float8 from jobs where status = 'pending') as "waitingSeconds",
      (
        select coalesce(json_agg(late), '[]')
        from (
          select status, count(*)::int from jobs
          where coalesce(finished_at, 'infinity') > now() - interval '1 hour' and coalesce(finished_at, 'infinity') < 'infinity'
          group by 1
        ) as late
      ) as ended,
      json_build_array(
        json_build_object('channel', 'email', 'count', (select count(*)::int from email_messages where status = 'outcome_unknown')),
        json_build_object('channel', 'social', 'count', (select count(*)::int from social_messages where status = 'outcome_unknown'))
      ) as unresolved`.execute(db);
  return rows[0]!;
}
