import { sql, type Kysely } from 'kysely';
import type { Place } from './pruneBatch.ts';

/** The parts of a job that go, each with what numbers them. */
export const jobParts = { job_targets: 'ordinal', job_chunks: 'number' } as const;
export type JobPart = keyof typeof jobParts;

/** Jobs that ended before the cutoff and have something left to remove; not those of whose messages the outcome is open. */
export async function findOldJobs(db: Kysely<any>, cutoff: string, after: Place | null): Promise<Place[]> {
  const isOpen = (messages: string) => sql`exists (select from ${sql.table(messages)} m where m.job_id = j.id and m.status in ('queued', 'sending', 'deferred', 'outcome_unknown'))`;
  const { rows } = await sql<Place>`
    select j.id, j.finished_at::text as at from jobs j
    where coalesce(j.finished_at, 'infinity') < ${cutoff}::timestamptz
      ${after ? sql`and (coalesce(j.finished_at, 'infinity'), j.id) > (${after.at}::timestamptz, ${after.id}::uuid)` : sql``}
      and (exists (select from job_targets t where t.job_id = j.id) or exists (select from job_chunks c where c.job_id = j.id))
      and (j.job_type <> 'send' or not (${isOpen('email_messages')} or ${isOpen('social_messages')}))
    order by coalesce(j.finished_at, 'infinity'), j.id limit 100`.execute(db);
  return rows;
}

/** Removes the first so many of a job's parts. @returns how many; 0 at the end, or when another process holds what is left */
export async function pruneJob(db: Kysely<any>, jobId: string, part: JobPart, size: number): Promise<number> {
  const [table, number] = [sql.table(part), sql.ref(jobParts[part])];
  const { rows } = await sql<{ pruned: number }>`
    with doomed as materialized (
      select ${number} as number from ${table} where job_id = ${jobId}::uuid order by ${number} limit ${size} for update skip locked
    ), gone as (
      delete from ${table} as t using doomed where t.job_id = ${jobId}::uuid and t.${number} = doomed.number returning 1
    )
    select count(*)::int as pruned from gone`.execute(db);
  return rows[0]!.pruned;
}

export async function countParts(db: Kysely<any>, jobId: string, part: JobPart): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${sql.table(part)} where job_id = ${jobId}::uuid`.execute(db);
  return rows[0]!.count;
}
