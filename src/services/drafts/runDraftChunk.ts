import { sql, type Kysely } from 'kysely';
import { TargetOutcome, type Channel } from '../../domain/enums.ts';
import { OutriderError } from '../../domain/errors.ts';
import { draftChannels } from './draftChannel.ts';
import type { DraftTemplate } from './draftTemplate.ts';
import type { Chunk } from '../leases.ts';
import { renderDraft, type DraftTarget, type RefusedTarget, type RenderedDraft, type TargetRow } from './renderDraft.ts';
import { writeDrafts } from './writeDrafts.ts';

export interface DraftJob {
  channel: Channel;
  template: DraftTemplate;
  /** 1 for a first run, one more for each retry of its failures */
  attempt: number;
}

/** How often a target that somebody edits between our reading and our writing is read again. */
const rounds = 5;

/** Drafts the targets of a chunk that this process holds, and ends it; does nothing once it lost the chunk. @throws {OutriderError} DATA_INTEGRITY */
export async function runDraftChunk(db: Kysely<any>, job: DraftJob, chunk: Chunk): Promise<void> {
  let open = chunk.targetIds.map((targetId, index) => ({ targetId, ordinal: chunk.firstOrdinal + index }));
  if (chunk.attempts > 1) {
    const settled = await readSettled(db, chunk);
    open = open.filter(({ ordinal }) => !settled.has(ordinal));
  }
  for (let round = 1; round <= rounds; round += 1) {
    const targets = await readTargets(db, job, open);
    const outcome = sortOut(job, targets, round === rounds);
    const settled = await writeDrafts(db, chunk, draftChannels[job.channel], { ...outcome, attempt: job.attempt });
    if (settled === null || settled.length === open.length) {
      return;
    }
    const done = new Set(settled);
    open = open.filter(({ ordinal }) => !done.has(ordinal));
  }
  throw new OutriderError('DATA_INTEGRITY', 'Outcomes that were written are not there: something swallows the writes to job_targets.');
}

function sortOut(job: DraftJob, targets: readonly DraftTarget[], last: boolean): { drafts: RenderedDraft[]; refused: RefusedTarget[] } {
  const drafts: RenderedDraft[] = [];
  const refused: RefusedTarget[] = [];
  for (const target of targets) {
    const result = renderDraft(job.channel, job.template, target);
    if (!('draftId' in result)) {
      refused.push(result);
    } else if (last) {
      const { ordinal, targetId } = target;
      refused.push({ ordinal, targetId, outcome: TargetOutcome.FAILED, code: 'CHANGING', message: 'The prospect changed again and again while its draft was written.' });
    } else {
      drafts.push(result);
    }
  }
  return { drafts, refused };
}

async function readTargets(db: Kysely<any>, job: DraftJob, open: readonly Omit<DraftTarget, 'row'>[]): Promise<DraftTarget[]> {
  const ids = open.map(({ targetId }) => targetId);
  const { rows } = await draftChannels[job.channel].read(ids, job.template.variables).execute(db);
  const byId = new Map((rows as TargetRow[]).map((row) => [row.id, row]));
  return open.map((target) => ({ ...target, row: byId.get(target.targetId) }));
}

/** An earlier holder of the chunk may have settled a part of it. */
async function readSettled(db: Kysely<any>, chunk: Chunk): Promise<Set<number>> {
  const { rows } = await sql<{ ordinal: number }>`
    select ordinal from job_targets
    where job_id = ${chunk.jobId}::uuid
      and ordinal between ${chunk.firstOrdinal} and ${chunk.firstOrdinal + chunk.targetIds.length - 1}`.execute(db);
  return new Set(rows.map(({ ordinal }) => ordinal));
}
