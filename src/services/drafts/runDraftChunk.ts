import { sql, type Kysely } from 'kysely';
import { TargetOutcome, type Channel, type Drafter } from '../../domain/enums.ts';
import { OutriderError } from '../../domain/errors.ts';
import type { DraftChannel } from './draftChannel.ts';
import type { DraftTemplate } from './draftTemplate.ts';
import type { Chunk } from '../leases.ts';
import { renderDraft, type DraftTarget, type RefusedTarget, type RenderedDraft, type TargetRow } from './renderDraft.ts';
import { writeDrafts } from './writeDrafts.ts';

export interface DraftJob {
  channel: Channel;
  drafter: Drafter;
  /** where its drafts live */
  place: DraftChannel;
  template: DraftTemplate;
  /** 1 for a first run, one more for each retry of its failures */
  attempt: number;
  isFollowUp: boolean;
}

/** What became of targets that were read; what it cost besides. */
export interface Composition {
  drafts: RenderedDraft[];
  refused: RefusedTarget[];
  /** in the currency of the settings */
  cost: number;
}

export type Compose = (targets: readonly DraftTarget[]) => Composition | Promise<Composition>;

/** How often a target that somebody edits between our reading and our writing is read again. */
const rounds = 5;

/**
 * Drafts the targets of a chunk that this process holds, and ends it; does nothing once it lost the chunk.
 * @param compose writes the drafts; the job's template unless told
 * @throws {OutriderError} DATA_INTEGRITY
 */
export async function runDraftChunk(db: Kysely<any>, job: DraftJob, chunk: Chunk, compose: Compose = (targets) => render(job, targets)): Promise<void> {
  let open = await readOpen(db, chunk);
  for (let round = 1; round <= rounds; round += 1) {
    const composition = await compose(await readTargets(db, job, open));
    const outcome = round === rounds ? giveUp(composition) : composition;
    const settled = await writeDrafts(db, chunk, job.place, { ...outcome, attempt: job.attempt });
    if (settled === null || settled.length === open.length) {
      return;
    }
    const done = new Set(settled);
    open = open.filter(({ ordinal }) => !done.has(ordinal));
  }
  throw new OutriderError('DATA_INTEGRITY', 'Outcomes that were written are not there: something swallows the writes to job_targets.');
}

function render({ channel, template }: DraftJob, targets: readonly DraftTarget[]): Composition {
  const composition: Composition = { drafts: [], refused: [], cost: 0 };
  for (const target of targets) {
    const result = renderDraft(channel, template, target);
    if ('draftId' in result) composition.drafts.push(result);
    else composition.refused.push(result);
  }
  return composition;
}

const changing = { outcome: TargetOutcome.FAILED as const, code: 'CHANGING', message: 'The prospect changed again and again while its draft was written.' };

function giveUp({ drafts, refused, cost }: Composition): Composition {
  return { drafts: [], refused: [...refused, ...drafts.map(({ ordinal, targetId }) => ({ ordinal, targetId, ...changing }))], cost };
}

async function readTargets(db: Kysely<any>, job: DraftJob, open: readonly Omit<DraftTarget, 'row'>[]): Promise<DraftTarget[]> {
  const ids = open.map(({ targetId }) => targetId);
  const { rows } = await job.place.read(ids, job.template.variables).execute(db);
  const suppressed = await job.place.suppressed?.(db, (rows as TargetRow[]).map((row) => row.prospect_id));
  const byId = new Map((rows as TargetRow[]).map((row) => [row.id, suppressed?.has(row.prospect_id) ? { ...row, obstacle: 'SUPPRESSED' } : row]));
  return open.map((target) => ({ ...target, row: byId.get(target.targetId) }));
}

/** The targets that are to be settled: an earlier holder of the chunk may have settled a part of it. */
export async function readOpen(db: Kysely<any>, chunk: Chunk): Promise<Omit<DraftTarget, 'row'>[]> {
  const targets = chunk.targetIds.map((targetId, index) => ({ targetId, ordinal: chunk.firstOrdinal + index }));
  if (chunk.attempts === 1) return targets;
  const { rows } = await sql<{ ordinal: number }>`
    select ordinal from job_targets
    where job_id = ${chunk.jobId}::uuid
      and ordinal between ${chunk.firstOrdinal} and ${chunk.firstOrdinal + chunk.targetIds.length - 1}`.execute(db);
  const settled = new Set(rows.map(({ ordinal }) => ordinal));
  return targets.filter(({ ordinal }) => !settled.has(ordinal));
}
