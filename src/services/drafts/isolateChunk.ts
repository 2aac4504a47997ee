import { sql, type Kysely } from 'kysely';
import { TargetOutcome } from '../../domain/enums.ts';
import type { Chunk } from '../leases.ts';
import { lockJob } from '../transitionJob.ts';
import { readOpen, type DraftJob } from './runDraftChunk.ts';
import { writeDrafts } from './writeDrafts.ts';

/** A chunk that was claimed so often without ending holds a target that ends workers. */
export const attemptLimit = 3;

/** A chunk is cut into so many: the fewer rounds, the fewer workers die of what is in it. */
const partsOfChunk = 10;

/**
 * Cuts up a chunk that failed too often, so that after a few rounds (3 for 500 targets) the poisonous target stands alone and
 * fails alone. Each part has one attempt before it is cut again.
 */
export async function isolateChunk(db: Kysely<any>, job: DraftJob, chunk: Chunk): Promise<void> {
  if (chunk.targetIds.length > 1) {
    await db.transaction().execute((transaction) => cutUp(transaction, chunk));
    return;
  }
  const { rows } = await sql<{ error: string | null }>`
    select error from job_chunks where job_id = ${chunk.jobId}::uuid and number = ${chunk.number}`.execute(db);
  const reason = rows[0]?.error ?? 'the worker ended each time';
  const refused = (await readOpen(db, chunk)).map((target) => ({
    ...target,
    outcome: TargetOutcome.FAILED as const,
    code: 'WORKER_FAILED',
    message: `Drafting it failed again and again: ${reason}.`,
  }));
  await writeDrafts(db, chunk, job.place, { drafts: [], refused, cost: 0, attempt: job.attempt });
}

async function cutUp(db: Kysely<any>, chunk: Chunk): Promise<void> {
  const size = Math.ceil(chunk.targetIds.length / partsOfChunk);
  // Others that cut up a chunk of this job at the same moment would number the parts alike.
  await lockJob(db, chunk.jobId);
  await sql`
    with mine as (
      update job_chunks set
        state = 'ready', lease_until = null, attempts = ${attemptLimit - 1}, target_ids = target_ids[:${size}], target_count = ${size}
      where job_id = ${chunk.jobId}::uuid and number = ${chunk.number} and fence = ${chunk.fence} and state = 'running'
      returning job_id, error
    ), part as (
      select part, min(place) as first, count(*) as targets, array_agg(target_id order by place) as target_ids
      from unnest(${chunk.targetIds}::uuid[]) with ordinality as target (target_id, place), lateral (select (place - 1) / ${size}::int as part) as cut
      where part > 0
      group by part
    )
    insert into job_chunks (job_id, number, first_ordinal, target_count, target_ids, attempts, error)
    select job_id, (select max(number) from job_chunks where job_id = ${chunk.jobId}::uuid) + part,
      ${chunk.firstOrdinal}::int + first - 1, targets, target_ids, ${attemptLimit - 1}, error
    from mine, part`.execute(db);
}
