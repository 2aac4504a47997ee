import { sql, type Kysely } from 'kysely';
import { Channel } from '../domain/enums.ts';
import type { Loaders } from './Loaders.ts';

const fields: Readonly<Record<Channel, object>> = { [Channel.EMAIL]: {}, [Channel.SOCIAL]: {} };
const tables: Readonly<Record<Channel, string>> = { [Channel.EMAIL]: 'email_messages', [Channel.SOCIAL]: 'social_messages' };

export interface Held {
  /** what holds the next message of a job */
  reason: string;
  /** ISO 8601; null when nobody knows */
  until: string | null;
}

/** What holds a job of messages: null while one of them is on its way, or may leave. */
export function heldMessages({ db, loaders }: { db: Kysely<never>; loaders: Loaders }, channel: Channel, jobId: string): Promise<Held | null> {
  const messages = sql.table(tables[channel]);
  const load = async (jobs: readonly string[]) => {
    const { rows } = await sql<Held & { jobId: string }>`
      select job.id as "jobId", next.reason, next.until
      from unnest(${jobs}::uuid[]) as job (id) cross join lateral (
        (select blocked_by as reason, due_at as until from ${messages} where job_id = job.id and status = 'queued' order by chunk limit 1)
        union all
        (select blocked_by, due_at from ${messages} where job_id = job.id and status = 'deferred' order by due_at limit 1)
        limit 1
      ) as next
      where next.reason is not null and (next.until is null or next.until > now())
        and not exists (select from ${messages} as sending where sending.job_id = job.id and sending.status = 'sending')`.execute(db);
    const byJob = new Map(rows.map(({ jobId: id, reason, until }) => [id, { reason, until: until && new Date(until).toISOString() }]));
    return jobs.map((id) => byJob.get(id) ?? null);
  };
  return loaders.for(fields[channel], 'heldMessages', () => ({ name: `heldMessages(${channel})`, load })).load(jobId);
}
