import { sql, type Kysely } from 'kysely';
import { TargetOutcome } from '../../domain/enums.ts';
import type { Chunk } from '../leases.ts';
import type { DraftJob } from './runDraftChunk.ts';
import { writeDrafts } from './writeDrafts.ts';

/** A chunk that was claimed so often without ending holds a target that ends workers. */
export const attemptLimit = 3;

/**
 * Halves a chunk that failed too often, so that after a few rounds the poisonous target stands alone and fails
 * alone. Each half has one attempt before it is halved again.
 */
export async function isolateChunk(db: Kysely<any>, job: DraftJob, chunk: Chunk): Promise<void> {
  if (chunk.targetIds.length > 1) {
    await halve(db, chunk);
    return;
  }
  const { rows } = await sql<{ error: string | null }>`
    select error from job_chunks where job_id = ${chunk.jobId}::uuid and number = ${chunk.number}`.execute(db);
  const reason = rows[0]?.error ?? 'the worker ended each time';
  const refused = chunk.targetIds.map((targetId, index) => ({
    targetId,
    ordinal: chunk.firstOrdinal + index,
    outcome: TargetOutcome.FAILED as const,
    code: 'WORKER_FAILED',
    message: `Drafting it failed again and again: ${reason}.`,
  }));
  await writeDrafts(db, chunk, job.place, { drafts: [], refused, cost: 0, attempt: job.attempt });
}

async function halve(db: Kysely<any>, chunk: Chunk): Promise<void> {
  const half = Math.ceil(chunk.targetIds.length / 2);
  await sql`
    with mine as (
      update job_chunks set
        state = 'ready', lease_until = null, attempts = ${attemptLimit - 1}, target_ids = target_ids[:${half}], target_count = ${half}
      where job_id = ${chunk.jobId}::uuid and number = ${chunk.number} and fence = ${chunk.fence} and state = 'running'
      returning job_id, error
    )
    insert into job_chunks (job_id, number, first_ordinal, target_count, target_ids, attempts, error)
    select job_id, (select max(number) + 1 from job_chunks where job_id = ${chunk.jobId}::uuid),
      ${chunk.firstOrdinal + half}, ${chunk.targetIds.length - half}, ${chunk.targetIds.slice(half)}::uuid[], ${attemptLimit - 1}, error
    from mine`.execute(db);
}
