import { lostRace } from '../domain/databaseErrors.ts';

const attempts = 4;

/**
 * Runs a transaction again that met a deadlock or lost a race: it was rolled back, and what it does is what must not be
 * lost. A database that is gone is not waited for.
 */
export async function retryTransient<Result>(run: () => Promise<Result>, isPassing: (error: unknown) => boolean = lostRace): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === attempts || !isPassing(error)) throw error;
    }
  }
}
