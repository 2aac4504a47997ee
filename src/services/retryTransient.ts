import { isTransient } from './databaseFailure.ts';

const attempts = 4;

/**
 * Runs a transaction again that met a deadlock or lost a race: it was rolled back, and what it does is what must not be
 * lost. A database that is gone is not waited for.
 */
export async function retryTransient<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === attempts || !isTransient(error) || !lostRace(error)) throw error;
    }
  }
}

/** Deadlock, serialization failure or lock timeout (classes 40 and 55 of SQLSTATE). */
function lostRace(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/^(40|55)/.test((cause as NodeJS.ErrnoException).code ?? '')) return true;
  }
  return false;
}
