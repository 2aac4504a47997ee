import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { JobStatus } from '../../domain/enums.ts';
import type { WorkerContext } from '../workerContext.ts';

export interface JobWatch {
  /** aborted once the job is not running, the process stops, or nobody watches any more */
  signal: AbortSignal;
  end(): void;
}

/** Milliseconds from a job being paused or cancelled to its workers knowing. */
const interval = 500;

/** Lets those who wait on behalf of a job know when that is in vain. */
export function watchJob(context: WorkerContext, jobId: string): JobWatch {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, context.stopping]);
  // One for each that waits, however many these are.
  setMaxListeners(0, signal);
  const end = () => ended.abort();
  void watch(context, jobId, signal, end);
  return { signal, end };
}

async function watch({ em }: WorkerContext, jobId: string, signal: AbortSignal, end: () => void): Promise<void> {
  try {
    for (;;) {
      await sleep(interval, undefined, { signal });
      // While the database does not answer the job is as it was.
      const status = await readStatus(em().getKysely() as Kysely<any>, jobId).catch(() => JobStatus.RUNNING);
      if (status !== JobStatus.RUNNING) end();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function readStatus(db: Kysely<any>, jobId: string): Promise<JobStatus | undefined> {
  const { rows } = await sql<{ status: JobStatus }>`select status from jobs where id = ${jobId}::uuid`.execute(db);
  return rows[0]?.status;
}
