import type { Kysely } from 'kysely';
import { UserErrors } from '../../domain/errors.ts';
import { ModelFailure } from '../../languageModel/ModelFailure.ts';
import { isSchemaFailure, isTransient } from '../../domain/databaseErrors.ts';
import { inChunkSpan } from '../inChunkSpan.ts';
import type { Chunk } from '../leases.ts';
import type { WorkerContext } from '../workerContext.ts';
import { attemptLimit, isolateChunk } from './isolateChunk.ts';
import type { DraftJob } from './runDraftChunk.ts';

/** Works on a claimed chunk, and gives it back when that fails; one that has failed too often is cut up instead. */
export async function holdChunk(context: WorkerContext, job: DraftJob, chunk: Chunk, work: (db: Kysely<any>) => Promise<void>): Promise<void> {
  const { em, leases } = context;
  const db = em().getKysely() as Kysely<any>;
  try {
    await inChunkSpan(chunk, () => (chunk.attempts > attemptLimit ? isolateChunk(db, job, chunk) : work(db)));
    leases.drop(chunk);
  } catch (error) {
    // When even that fails, the chunk waits for its lease to end; what went wrong first is what counts.
    await leases.giveBack(db, chunk, isInnocent(error) ? null : (error as Error).message).catch(() => {});
    throw error;
  }
}

/** What says nothing about the targets: the database, the schema, the configuration, or that waiting was given up. */
function isInnocent(error: unknown): boolean {
  return isTransient(error) || isSchemaFailure(error) || error instanceof UserErrors || error instanceof ModelFailure
    || (error as Error).name === 'AbortError';
}
