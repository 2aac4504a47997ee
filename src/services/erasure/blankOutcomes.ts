import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * Takes what jobs say of a prospect out of its outcomes, and out of the reasons of a job where it stands for all failures of its kind,
 * unless another target says the same.
 * @param targets condition on `job_targets`: the prospect's
 */
export async function blankOutcomes(db: Kysely<any>, targets: RawBuilder<unknown>): Promise<void> {
  const { rows: said } = await sql<{ jobId: string; message: string }>`
    select distinct job_id as "jobId", message from job_targets where message is not null and (${targets})`.execute(db);
  await sql`update job_targets set message = null, value = null where ${targets}`.execute(db);
  if (said.length === 0) return;
  const [jobs, messages] = [said.map(({ jobId }) => jobId), said.map(({ message }) => message)];
  // Whoever counts at this moment has read what was said: it ends first.
  await sql`select from jobs where id = any(${jobs}::uuid[]) order by id for no key update`.execute(db);
  await sql`
    update jobs set failure_reasons = (
      select jsonb_agg(case when is_told then reason || '{"message": "erased"}' else reason end order by place)
      from jsonb_array_elements(failure_reasons) with ordinality as listed (reason, place), lateral (
        select reason ->> 'message' = any(${messages}::text[]) and not exists (
          select from job_targets as other
          where other.job_id = jobs.id and other.outcome = 'failed' and other.code = reason ->> 'code' and other.message = reason ->> 'message'
        ) as is_told
      ) as judged
    )
    where id = any(${jobs}::uuid[]) and exists (select from jsonb_array_elements(failure_reasons) as reason where reason ->> 'message' = any(${messages}::text[]))`.execute(db);
}
