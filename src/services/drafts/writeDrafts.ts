import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { DraftChannel } from './draftChannel.ts';
import type { Chunk } from '../leases.ts';
import type { RefusedTarget, RenderedDraft } from './renderDraft.ts';

export interface ChunkOutcome {
  drafts: readonly RenderedDraft[];
  refused: readonly RefusedTarget[];
  /** what a language model took for them */
  cost: number;
  /** which attempt of the job this is */
  attempt: number;
}

/**
 * Writes the drafts, their projections, every target's outcome and the chunk's counters, and ends the chunk when all
 * are settled: in one statement, guarded by the chunk's fence, so that all of it happens once or not at all. A
 * draft whose target was changed since it was read is not written; its ordinal is missing from the answer.
 * @returns the ordinals that were settled, or null when the chunk was lost to another worker
 */
export async function writeDrafts(
  db: Kysely<any>,
  chunk: Chunk,
  channel: DraftChannel,
  { drafts, refused, cost, attempt }: ChunkOutcome,
): Promise<readonly number[] | null> {
  const mine = sql`job_id = ${chunk.jobId}::uuid and number = ${chunk.number} and fence = ${chunk.fence} and state = 'running'`;
  const { rows } = await sql<{ state: string; settled: number[] | null }>`
    with mine as (
      select from job_chunks where ${mine} for update
    ), draft as materialized (
      select draft.* from unnest(
        ${drafts.map((draft) => draft.ordinal)}::int[],
        ${drafts.map((draft) => draft.targetId)}::uuid[],
        ${drafts.map((draft) => draft.draftId)}::uuid[],
        ${drafts.map((draft) => draft.readAt)}::timestamptz[],
        ${drafts.map((draft) => draft.subject)}::text[],
        ${drafts.map((draft) => draft.body)}::text[],
        ${drafts.map((draft) => draft.fingerprint)}::text[],
        ${drafts.map((draft) => draft.recipient)}::text[],
        ${drafts.map((draft) => toArrayLiteral(draft.problems))}::text[]
      ) as draft (ordinal, target_id, draft_id, read_at, subject, body, fingerprint, recipient, problems), mine
    ), ${channel.write(chunk.jobId)}, refused as (
      select refused.* from unnest(
        ${refused.map((target) => target.ordinal)}::int[],
        ${refused.map((target) => target.targetId)}::uuid[],
        ${refused.map((target) => target.outcome)}::target_outcome[],
        ${refused.map((target) => target.code)}::text[],
        ${refused.map((target) => target.message)}::text[]
      ) as refused (ordinal, target_id, outcome, code, message), mine
    ), settled as (
      insert into job_targets (job_id, ordinal, target_id, outcome, attempts, code, message)
      select ${chunk.jobId}::uuid, ordinal, target_id, 'done', ${attempt}::int, null, null from draft join drafted using (target_id)
      union all
      select ${chunk.jobId}::uuid, ordinal, target_id, outcome, ${attempt}::int, code, message from refused
      on conflict do nothing
      returning ordinal, outcome
    ), counted as (
      select
        count(*)::int as total,
        (count(*) filter (where outcome = 'done'))::int as done,
        (count(*) filter (where outcome = 'failed'))::int as failed,
        (count(*) filter (where outcome = 'skipped'))::int as skipped
      from settled
    )${spend(chunk.jobId, cost)}, ended as (
      update job_chunks set
        done_count = done_count + done,
        failed_count = failed_count + failed,
        skipped_count = skipped_count + skipped,
        drafts_created = drafts_created + done,
        outcome_counts = jsonb_strip_nulls(jsonb_build_object(
          'done', nullif(done_count + done, 0),
          'failed', nullif(failed_count + failed, 0),
          'skipped', nullif(skipped_count + skipped, 0)
        )),
        state = case when total = ${drafts.length + refused.length} then 'done'::chunk_state else state end,
        lease_until = case when total = ${drafts.length + refused.length} then null else lease_until end
      from counted
      where ${mine}
      returning state
    )
    select state, case when state = 'running' then (select array_agg(ordinal) from settled) end as settled from ended`.execute(db);
  const [answer] = rows;
  if (!answer) {
    return null;
  }
  return answer.state === 'done' ? [...drafts, ...refused].map(({ ordinal }) => ordinal) : (answer.settled ?? []);
}

/** The greatest that `jobs.cost` can be: an endpoint may claim that an answer cost more than there is. */
export const mostCost = 999_999.999999;

/** Money is gone whatever becomes of the drafts; most jobs cost none, and leave the job's row alone. */
function spend(jobId: string, cost: number): RawBuilder<unknown> {
  return cost > 0 ? sql`, spent as (update jobs set cost = least(cost + ${cost}, ${mostCost}::numeric) where id = ${jobId}::uuid)` : sql``;
}

/** An array of arrays would have to be rectangular. */
function toArrayLiteral(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}
