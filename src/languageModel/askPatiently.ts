import { setTimeout as sleep } from 'node:timers/promises';
import type { AskOnce, ModelAnswer, ModelRequest } from './connectModel.ts';
import { ModelFailure } from './ModelFailure.ts';

export interface Patience {
  /** resolves when another attempt may be made: all workers share one rate */
  turn(): Promise<void>;
  /** the endpoint asks everybody to wait so many milliseconds */
  holdBack(ms: number): Promise<void>;
  /** ends all waiting */
  signal: AbortSignal;
}

const attempts = 5;
const firstPauseMs = 500;

/**
 * Asks until there is an answer: after a time-out, a broken connection, 429 or 5xx again, later and later. The first
 * attempt is made at once, every further one when its turn has come.
 * @throws {ModelFailure} of `target` or `job`; the reason of `signal` once it is aborted
 */
export async function askPatiently(ask: AskOnce, request: ModelRequest, { turn, holdBack, signal }: Patience): Promise<ModelAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask(request, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ModelFailure) || error.reach !== 'attempt') throw error;
      if (error.retryAfterMs !== null) await holdBack(error.retryAfterMs);
      if (attempt === attempts) throw new ModelFailure(error.code, `${error.message} It was asked ${attempts} times.`);
      await sleep(pauseAfter(attempt), undefined, { signal });
    }
    await turn();
  }
}

/** Doubles with each attempt; up to half of it is left to chance, so that those who failed together do not come back together. */
function pauseAfter(attempt: number): number {
  return firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}
