import { sql, type Kysely, type RawBuilder } from 'kysely';

/**
 * Cuts the targets that `select` yields (one column `id`) into the chunks of a job and counts them, in one statement:
 * what is counted is what is drafted. `chunkSize` is in targets. Sorted by id, so that jobs with the same targets lock them in the same order.
 */
export async function insertDraftChunks(db: Kysely<any>, jobId: string, select: RawBuilder<unknown>, chunkSize: number): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    with target as (
      select id, row_number() over (order by id)::int as ordinal from (${select}) as selected
    ), part as (
      select (ordinal - 1) / ${chunkSize}::int as number, id, ordinal from target
    ), chunk as (
      insert into job_chunks (job_id, number, first_ordinal, target_count, target_ids)
      select ${jobId}::uuid, number, min(ordinal), count(*), array_agg(id order by ordinal) from part group by number
      returning target_count
    ), total as (
      select coalesce(sum(target_count), 0)::int as total from chunk
    )
    update jobs set total_targets = total.total from total where jobs.id = ${jobId}::uuid
    returning total.total`.execute(db);
  return rows[0]!.total;
}
