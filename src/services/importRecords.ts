import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { JobStatus } from '../domain/enums.ts';
import { jobTransitions, statesBefore } from '../domain/transitions.ts';
import type { ServiceContext } from './context.ts';
import { giveUp } from './failJob.ts';
import { type Claim, claimImport, type ImportRequest } from './import/claimImport.ts';
import { readRecords, type RowResult } from './import/readRecords.ts';
import { type Notify, runImport } from './import/runImport.ts';
import { OtherFile, type ReadBefore, readBefore, sameFile } from './import/sameFile.ts';
import { lockJob } from './transitionJob.ts';

export interface ImportOptions extends ImportRequest {
  /** stops after the batch in hand; the same file goes on from there later */
  signal?: AbortSignal;
  /** ends the wait of a repeat for the import that it repeats */
  waiting?: AbortSignal;
  notify?: Notify;
  /** bytes read, as they come */
  onBytes?: (count: number) => void;
  onRows?: (count: number) => void;
}

export interface Imported {
  jobId: string;
  /** begun by an earlier process, and gone on with by this one */
  resumed: boolean;
  /** false: another process is at it, or an earlier request with this key did it, with the same file as far as it came */
  ran: boolean;
}

const pollMs = 200;

/**
 * Imports CSV or NDJSON of any size as it is read. It is one job; each row has an outcome, a bad one fails alone, and
 * what is imported again changes nothing. With a digest, an import whose process died goes on after its last commit.
 * @throws {UserErrors} INVALID before anything is written: columns are missing, the text is not UTF-8; CONFLICT
 * @throws {LeaseLostError} another process has taken it over
 */
export async function importRecords({ em, actor, outreach }: ServiceContext, source: AsyncIterable<Buffer>, options: ImportOptions): Promise<Imported> {
  const db = em.fork().getKysely<unknown>();
  const rows = readRecords(source, options);
  const first = await rows.next();
  const { jobId, checkpoint, resumed, before } = await claim(db, options, actor.name);
  const same = sameFile(startingWith(first, rows), before);
  try {
    if (!checkpoint) {
      if (before) await readToEnd(same);
      return { jobId, resumed: false, ran: false };
    }
    await runImport(db, checkpoint, same, { ...options, jobId, actor: actor.name, outreach });
  } catch (error) {
    const broken = error instanceof BrokenSource;
    const reason = broken ? error.cause : error;
    // With a digest another process can go on, unless it is the file that cannot be read. After another file the right one may come.
    if (checkpoint && !(error instanceof OtherFile) && (broken || !options.digest)) await fail(db, jobId, actor.name, reason, options.notify);
    throw reason;
  }
  return { jobId, resumed, ran: true };
}

/** The import's job in hand, or, once it has ended, what it had read. Who has a digest does not wait: the file was known before it was read. */
async function claim(db: Kysely<unknown>, options: ImportOptions, actor: string): Promise<Claim & { before: ReadBefore | null }> {
  for (;; await sleep(pollMs, undefined, { signal: options.waiting })) {
    const claimed = await claimImport(db, options, actor);
    if (options.digest || claimed.checkpoint?.ordinal === 0) return { ...claimed, before: null };
    const { ended, before } = await readBefore(db, claimed.jobId);
    if (claimed.checkpoint || ended) return { ...claimed, before };
  }
}

async function readToEnd(rows: AsyncGenerator<RowResult[]>): Promise<void> {
  for (let ended = false; !ended; ) ended = (await rows.next()).done === true;
}

class BrokenSource extends Error {
  override readonly name = 'BrokenSource';
}

async function* startingWith(first: IteratorResult<RowResult[]>, rest: AsyncGenerator<RowResult[]>): AsyncGenerator<RowResult[]> {
  if (!first.done) yield first.value;
  try {
    yield* rest;
  } catch (error) {
    throw new BrokenSource('The source broke off.', { cause: error });
  }
}

async function fail(db: Kysely<unknown>, jobId: string, actor: string, error: unknown, notify?: Notify): Promise<void> {
  const reason = `The import broke off: ${error instanceof Error ? error.message : String(error)}`;
  const sequence = await db.transaction().execute(async (transaction) => {
    const { status } = await lockJob(transaction, jobId);
    return statesBefore(jobTransitions, JobStatus.FAILED).includes(status) ? giveUp(transaction, jobId, { reason, actor }) : null;
  });
  if (sequence !== null) notify?.(jobId, sequence);
}
