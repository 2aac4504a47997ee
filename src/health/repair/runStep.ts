import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { RepairStep } from '../report.ts';
import type { BlockerWatch } from './blockers.ts';
import { LOCK_TIMEOUT_MS } from './ownerSession.ts';
import { leftoversOf, removeInvalid } from './leftovers.ts';
import { explain } from './explain.ts';

const lockNotAvailable = '55P03';
const deadlock = '40P01';

export interface Patience {
  /** how often a lock is asked for */
  attempts: number;
  /** the first pause between two attempts in ms; each one is twice as long as the last, up to 8 s */
  pauseMs: number;
}

export interface StepCircumstances {
  patience: Patience;
  signal: AbortSignal;
  blockers: BlockerWatch;
}

export const patience: Patience = { attempts: 8, pauseMs: 250 };

/** What is built CONCURRENTLY lets everybody by while it waits, and has to wait for older transactions to end. */
const concurrent = /^(create (unique )?|drop |re)index (\w+ )?concurrently/i;
const CONCURRENT_TIMEOUT_MS = 600_000;

/**
 * Runs one step. It waits for its lock only shortly, so that nobody queues behind it for long, and tries again with
 * growing pauses. What a failed CONCURRENTLY left behind is removed.
 * @throws {Error} one sentence that says what to do
 */
export async function runStep(client: Client, step: RepairStep, { patience: { attempts, pauseMs }, signal, blockers }: StepCircumstances): Promise<void> {
  const isConcurrent = concurrent.test(step.sql);
  const before = isConcurrent ? await leftoversOf(client, step) : [];
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) throw new Error('It was not run, because the process that repairs is stopping.');
    try {
      await runOnce(client, step, isConcurrent ? CONCURRENT_TIMEOUT_MS : LOCK_TIMEOUT_MS);
      return;
    } catch (error) {
      if (isConcurrent) await removeInvalid(client, step, before).catch(() => {});
      const { code } = error as { code?: string };
      const isBusy = code === lockNotAvailable || code === deadlock;
      if (!isBusy || attempt >= (isConcurrent ? 2 : attempts) || signal.aborted) throw await explain(client, step, error as Error, { stopped: signal.aborted, blocker: blockers.last });
      await sleep(Math.min(pauseMs * 2 ** (attempt - 1), 8000), undefined, { signal }).catch(() => {});
    }
  }
}

/** A GRANT that the role may not make is only a warning to PostgreSQL. */
async function runOnce(client: Client, { sql }: RepairStep, lockTimeoutMs: number): Promise<void> {
  let warning: string | undefined;
  const listen = (notice: { code?: string; message?: string }) => {
    if (notice.code === '01007') warning = notice.message;
  };
  client.on('notice', listen);
  try {
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    await client.query(sql);
  } finally {
    client.off('notice', listen);
  }
  if (warning !== undefined) throw Object.assign(new Error(warning), { code: '42501' });
}
