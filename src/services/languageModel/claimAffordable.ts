import { sql, type Kysely } from 'kysely';
import type { SettingValue } from '../settings/settings.ts';
import { readSettings } from '../settings/readSettings.ts';
import type { Chunk, Leases } from '../leases.ts';
import { mostCost } from '../drafts/writeDrafts.ts';
import { lockJob } from '../transitionJob.ts';
import type { WorkerContext } from '../workerContext.ts';
import { takeTurn, turnComesIn } from './takeTurn.ts';

/** A chunk to work on, or how many milliseconds to wait before asking again; null: there is nothing to claim. */
export type Claim = { chunk: Chunk; settings: ModelSettings; isSpent: boolean } | { waitMs: number } | null;

export type ModelSettings = SettingValue<'languageModel'>;

/** Milliseconds until what others have under way may be paid for. */
const pause = 250;

/**
 * Claims a chunk of a job when the language model may be asked for it: its turn has come, and what is under way does not
 * use up the job's money. One worker at a time looks, so that no two spend the same; a request that costs more than those
 * before it may still exceed the cap, but only one.
 */
export async function claimAffordable({ em, leases }: WorkerContext, jobId: string): Promise<Claim> {
  const waitMs = await turnComesIn(em().getKysely());
  if (waitMs > 0) return { waitMs };
  let chunk: Chunk | null = null;
  try {
    return await em().transactional(async (tx) => {
      const claim = await tryToClaim(tx.getKysely(), leases, jobId);
      chunk = claim && 'chunk' in claim ? claim.chunk : null;
      return claim;
    });
  } catch (error) {
    // Whether it is ours is not known: nobody renews its lease, so that it is claimed again either way.
    if (chunk) leases.drop(chunk);
    throw error;
  }
}

async function tryToClaim(db: Kysely<any>, leases: Leases, jobId: string): Promise<Claim> {
  await lockJob(db, jobId);
  const { cost, perDraft, underWay, isClaimable } = await readBudget(db, jobId);
  if (!isClaimable) return null;
  const { languageModel: settings } = await readSettings(db);
  const isPriced = settings.inputPricePerMillion + settings.outputPricePerMillion > 0;
  const cap = Math.min(settings.costCapPerJob, mostCost);
  const isSpent = isPriced && cost >= cap;
  if (!isSpent) {
    // Before the first answer nobody knows what one costs.
    if (isPriced && underWay > 0 && (cost === 0 || cost + underWay * perDraft >= cap)) return { waitMs: pause };
    const waitMs = await takeTurn(db, settings.requestsPerMinute);
    if (waitMs > 0) return { waitMs };
  }
  const chunk = await leases.claim(db, jobId);
  return chunk && { chunk, settings, isSpent };
}

interface Budget {
  cost: number;
  /** what a draft has cost so far */
  perDraft: number;
  /** chunks that are being asked for */
  underWay: number;
  isClaimable: boolean;
}

async function readBudget(db: Kysely<any>, jobId: string): Promise<Budget> {
  const { rows } = await sql<Budget>`
    select cost::float8 as cost, (cost / greatest(drafts_created, 1))::float8 as "perDraft", chunks.*
    from jobs, lateral (
      select (count(*) filter (where state = 'running' and lease_until >= clock_timestamp()))::int as "underWay",
        coalesce(bool_or(state = 'ready' or lease_until < clock_timestamp()), false) as "isClaimable"
      from job_chunks where job_id = jobs.id and state in ('ready', 'running')
    ) as chunks
    where id = ${jobId}::uuid and status = 'running'`.execute(db);
  return rows[0] ?? { cost: 0, perDraft: 0, underWay: 0, isClaimable: false };
}
