import { type Kysely, sql } from 'kysely';
import { JobStatus } from '../../domain/enums.ts';
import type { WorkerContext } from '../workerContext.ts';

const pollMs = 700;

/** A signal that aborts when the job no longer runs (paused, cancelled) or the process stops, so that nobody waits for a slow server. */
export function interruption({ em, stopping }: WorkerContext, jobId: string): { signal: AbortSignal; end(): void } {
  const left = new AbortController();
  const look = async () => {
    const { rows } = await sql<{ status: JobStatus }>`select status from jobs where id = ${jobId}::uuid`.execute(em().getKysely() as Kysely<any>);
    if (rows[0]?.status !== JobStatus.RUNNING) left.abort(new Error('The job is held.'));
  };
  // A database that does not answer is met by whoever writes next.
  const timer = setInterval(() => void look().catch(() => {}), pollMs);
  return { signal: AbortSignal.any([left.signal, stopping]), end: () => clearInterval(timer) };
}
