import { type Kysely, sql } from 'kysely';

/** Seconds by the database's clock, renewed well before they end. */
export const leaseSeconds = 10;

/** What an importer has committed so far. */
export interface Checkpoint {
  /** number of the chunk in hand */
  chunk: number;
  /** the last row that is committed; 0 at the start */
  ordinal: number;
  fence: number;
}

export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor() {
    super('Another process has taken this import over.');
  }
}

/** The first chunk of a new job, in hand at once. */
export async function openFirstChunk(db: Kysely<unknown>, jobId: string): Promise<Checkpoint> {
  await sql`insert into job_chunks (job_id, number, state, fence, attempts, lease_until, first_ordinal, target_count)
    values (${jobId}::uuid, 1, 'running', 1, 1, ${leaseEnd}, 1, 0)`.execute(db);
  return { chunk: 1, ordinal: 0, fence: 1 };
}

/** Takes over the chunk in hand of an importer that has died; null while one is alive. */
export async function takeOver(db: Kysely<unknown>, jobId: string): Promise<Checkpoint | null> {
  const { rows } = await sql<Checkpoint>`
    update job_chunks set fence = fence + 1, attempts = attempts + 1, lease_until = ${leaseEnd}
    where job_id = ${jobId}::uuid and state = 'running' and lease_until < clock_timestamp()
    returning number as chunk, first_ordinal - 1 as ordinal, fence`.execute(db);
  return rows[0] ?? null;
}

export async function renew(db: Kysely<unknown>, jobId: string, { chunk, fence }: Checkpoint): Promise<void> {
  await sql`update job_chunks set lease_until = ${leaseEnd}
    where job_id = ${jobId}::uuid and number = ${chunk} and fence = ${fence} and state = 'running'`.execute(db);
}

/** Lets go at once what would otherwise be free only when the lease ends. */
export async function release(db: Kysely<unknown>, jobId: string, { chunk, fence }: Checkpoint): Promise<void> {
  await sql`update job_chunks set lease_until = '-infinity'
    where job_id = ${jobId}::uuid and number = ${chunk} and fence = ${fence} and state = 'running'`.execute(db);
}

export interface ChunkResult {
  targetCount: number;
  /** of the file up to its last row */
  checksum: number;
  failedCount: number;
  outcomes: { [outcome: string]: number };
}

/**
 * Ends the chunk in hand and begins the next one, in the transaction that writes the chunk's rows.
 * @throws {LeaseLostError} when another importer has it: then nothing of this transaction may stay
 */
export async function nextChunk(db: Kysely<unknown>, jobId: string, held: Checkpoint, result: ChunkResult): Promise<Checkpoint> {
  const next = { chunk: held.chunk + 1, ordinal: held.ordinal + result.targetCount, fence: 1 };
  // The job's row before its chunks, as everybody locks them.
  await sql`update jobs set parameters = parameters || ${JSON.stringify({ read: { rows: next.ordinal, checksum: result.checksum } })}::jsonb where id = ${jobId}::uuid`.execute(db);
  const { rows } = await sql`
    with ended as (
      update job_chunks set state = 'done', lease_until = null, target_count = ${result.targetCount},
        done_count = ${result.targetCount - result.failedCount}, failed_count = ${result.failedCount},
        outcome_counts = ${JSON.stringify(result.outcomes)}::jsonb
      where job_id = ${jobId}::uuid and number = ${held.chunk} and fence = ${held.fence} and state = 'running'
      returning job_id
    )
    insert into job_chunks (job_id, number, state, fence, attempts, lease_until, first_ordinal, target_count)
    select job_id, ${next.chunk}, 'running', ${next.fence}, 1, ${leaseEnd}, ${next.ordinal + 1}, 0 from ended
    returning number`.execute(db);
  if (rows.length === 0) throw new LeaseLostError();
  return next;
}

/** Whether the chunk that was in hand is done, by us. */
export async function hasCommitted(db: Kysely<unknown>, jobId: string, { chunk, fence }: Checkpoint): Promise<boolean> {
  const { rows } = await sql`select number from job_chunks
    where job_id = ${jobId}::uuid and number = ${chunk} and fence = ${fence} and state = 'done'`.execute(db);
  return rows.length > 0;
}

/**
 * The chunk in hand turns out to have no rows: the file has ended, or nothing more shall be read.
 * @throws {LeaseLostError}
 */
export async function dropChunk(db: Kysely<unknown>, jobId: string, { chunk, fence }: Checkpoint): Promise<void> {
  const { rows } = await sql`delete from job_chunks
    where job_id = ${jobId}::uuid and number = ${chunk} and fence = ${fence} and state = 'running' returning number`.execute(db);
  if (rows.length === 0) throw new LeaseLostError();
}

const leaseEnd = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`;
