import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import { JobStatus } from '../../domain/enums.ts';
import { isTransient } from '../../domain/databaseErrors.ts';
import { rollUp } from '../rollUpJob.ts';
import { lockJob } from '../transitionJob.ts';
import { type Checkpoint, dropChunk, hasCommitted, leaseSeconds, nextChunk, release, renew } from './importLease.ts';
import { KeySet } from './KeySet.ts';
import type { RowResult } from './readRecords.ts';
import { type Batch, groupByKey, writeBatch } from './writeBatch.ts';

/** Rows of one transaction at most: its chunk is the checkpoint. */
export const batchSize = 2000;
/** Fewer, where rows are long: bytes of the file after which no more are added, so that memory stays what it is. */
const batchBytes = 8 << 20;
const rollUpMs = 300;
const pausePollMs = 500;
const attempts = 5;

/** A job has a newer sequence: `[jobId, sequence]` is worth a notice. */
export type Notify = (jobId: string, sequence: number) => void;

export interface ImportRun {
  jobId: string;
  dryRun: boolean;
  actor: string;
  outreach: Outreach;
  /** a process that stops at once leaves the rest to the next one with the same file */
  signal?: AbortSignal;
  notify?: Notify;
  /** told after each commit how many rows are done with, those of earlier processes included */
  onRows?: (count: number) => void;
}

/**
 * Imports rows batch by batch, after the checkpoint, and ends the job. Rows before it are only read, so that repeats
 * of them are known.
 * @throws {LeaseLostError} another process goes on with it
 */
export async function runImport(db: Kysely<unknown>, start: Checkpoint, rows: AsyncIterator<RowResult[]>, run: ImportRun): Promise<void> {
  const { jobId } = run;
  let held = start;
  let rolledUpAt = -Infinity;
  // A lease that could not be renewed is met by the next commit, which throws.
  const heartbeat = setInterval(() => void renew(db, jobId, held).catch(() => {}), (leaseSeconds * 1000) / 4);
  try {
    const next = batchesAfter(start.ordinal, rows);
    // The next batch is read while the database works on this one.
    for (let coming = next(); ; ) {
      const batch = await coming;
      if (!batch) break;
      coming = next();
      // Thrown where it is awaited; until then it must not count as unhandled.
      coming.catch(() => {});
      held = await commit(db, held, batch, run);
      run.onRows?.(held.ordinal);
      run.signal?.throwIfAborted();
      if (performance.now() - rolledUpAt < rollUpMs) continue;
      rolledUpAt = performance.now();
      if ((await report(db, run, held)) === JobStatus.CANCELLING) break;
    }
    await end(db, run, held);
  } catch (error) {
    // When even that fails, the lease ends by itself; what went wrong first is what counts.
    await letGo(db, jobId, held).catch(() => {});
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

/** The next process need not wait for the lease; a job that is being cancelled ends here. */
async function letGo(db: Kysely<unknown>, jobId: string, held: Checkpoint): Promise<void> {
  await release(db, jobId, held);
  await db.transaction().execute((transaction) => rollUp(transaction, jobId));
}

/** A function that gives one batch after the other, and null after the last. */
function batchesAfter(ordinal: number, rows: AsyncIterator<RowResult[]>): () => Promise<Batch | null> {
  const seen = { prospects: new KeySet(), profiles: new KeySet() };
  let waiting: RowResult[] = [];
  return async () => {
    let ended = false;
    let bytes = bytesOf(waiting);
    while (waiting.length < batchSize && bytes < batchBytes && !ended) {
      const { value, done } = await rows.next();
      if (done) {
        ended = true;
        break;
      }
      const fresh = value.findIndex((row: RowResult) => row.ordinal > ordinal);
      const known = fresh < 0 ? value.length : fresh;
      groupByKey(value.slice(0, known), seen);
      waiting = waiting.concat(value.slice(known));
      bytes += bytesOf(value.slice(known));
    }
    if (waiting.length === 0) return null;
    const batch = groupByKey(waiting.slice(0, batchSize), seen);
    waiting = waiting.slice(batchSize);
    return batch;
  };
}

const bytesOf = (rows: readonly RowResult[]) => rows.reduce((sum, { bytes }) => sum + bytes, 0);

async function commit(db: Kysely<unknown>, held: Checkpoint, batch: Batch, run: ImportRun): Promise<Checkpoint> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(async (transaction) => {
        const result = await writeBatch(transaction, batch, run);
        return nextChunk(transaction, run.jobId, held, result);
      });
    } catch (error) {
      if (!isTransient(error) || attempt === attempts) throw error;
      await sleep(100 * 2 ** attempt);
      // The answer of the COMMIT may be what was lost.
      if (await hasCommitted(db, run.jobId, held)) return { chunk: held.chunk + 1, ordinal: held.ordinal + batch.count, fence: 1 };
    }
  }
}

/** Rolls the counters up; while the job is paused, waits. */
async function report(db: Kysely<unknown>, { jobId, notify, signal }: ImportRun, held: Checkpoint): Promise<JobStatus> {
  for (;;) {
    const state = await db.transaction().execute((transaction) => rollUp(transaction, jobId));
    if (state.changed) notify?.(jobId, state.sequence);
    if (state.status !== JobStatus.PAUSED) return state.status;
    await renew(db, jobId, held);
    await sleep(pausePollMs, undefined, { signal });
  }
}

/** Without a chunk in hand, rolling up ends the job: cancelled when that was asked for, else with its rows' outcome. */
async function end(db: Kysely<unknown>, run: ImportRun, held: Checkpoint): Promise<void> {
  const { jobId } = run;
  for (let ended = false; !ended; ) {
    await report(db, run, held);
    const state = await db.transaction().execute(async (transaction) => {
      const { status } = await lockJob(transaction, jobId);
      if (status === JobStatus.PAUSED) return null;
      await dropChunk(transaction, jobId, held);
      if (status === JobStatus.RUNNING) {
        await sql`update jobs set total_targets = ${held.ordinal} where id = ${jobId}::uuid`.execute(transaction);
      }
      return rollUp(transaction, jobId);
    });
    if (state) run.notify?.(jobId, state.sequence);
    ended = state !== null;
  }
}
