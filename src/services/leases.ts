import { sql, type Kysely } from 'kysely';

/** Seconds by the database's clock. A chunk takes a small part of it; a chunk that takes longer is renewed. */
const leaseSeconds = 5;

export interface Chunk {
  jobId: string;
  number: number;
  /** greater with each claim: whoever wrote down a smaller one has lost the chunk */
  fence: number;
  /** claims that did not end the chunk, plus this one */
  attempts: number;
  firstOrdinal: number;
  targetIds: string[];
}

/** The chunks that this process works on. */
export class Leases {
  readonly workerId: string;
  readonly #held = new Set<Chunk>();

  constructor(workerId: string) {
    this.workerId = workerId;
  }

  get count(): number {
    return this.#held.size;
  }

  /** The next chunk that is ready or whose worker has died, or null; null too unless the job is running. */
  async claim(db: Kysely<any>, jobId: string): Promise<Chunk | null> {
    // Materialized: as a subquery of the join it could run once per row, and claim a chunk with each.
    const { rows } = await sql<Chunk>`
      with next as materialized (
        select number from job_chunks
        where job_id = ${jobId}::uuid and (state = 'ready' or state = 'running' and lease_until < clock_timestamp())
          and exists (select from jobs where id = ${jobId}::uuid and status = 'running')
        order by number
        limit 1
        for update skip locked
      )
      update job_chunks as chunk set
        state = 'running', fence = fence + 1, attempts = attempts + 1, leased_by = ${this.workerId}::uuid,
        lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      from next
      where chunk.job_id = ${jobId}::uuid and chunk.number = next.number
      returning chunk.job_id as "jobId", chunk.number, fence, attempts, first_ordinal as "firstOrdinal", target_ids as "targetIds"`.execute(db);
    const chunk = rows[0] ?? null;
    if (chunk) {
      this.#held.add(chunk);
    }
    return chunk;
  }

  /** The chunk has ended, or was lost. */
  drop(chunk: Chunk): void {
    this.#held.delete(chunk);
  }

  /** Called well within the lease for as long as chunks are held. */
  async renew(db: Kysely<any>): Promise<void> {
    await this.#update(db, [...this.#held], sql`lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})`);
  }

  /**
   * Gives a chunk back after a failure, so that it waits for no lease to expire. With a reason the attempt counts;
   * without one it was not the chunk's fault.
   */
  async giveBack(db: Kysely<any>, chunk: Chunk, reason: string | null): Promise<void> {
    this.#held.delete(chunk);
    const blame = reason === null ? sql`attempts = attempts - 1` : sql`error = ${reason.slice(0, 300)}`;
    await this.#update(db, [chunk], sql`state = 'ready', lease_until = null, ${blame}`);
  }

  /** Gives back everything that is still held: the process ends. */
  async releaseAll(db: Kysely<any>): Promise<void> {
    const chunks = [...this.#held];
    this.#held.clear();
    await this.#update(db, chunks, sql`state = 'ready', lease_until = null, attempts = attempts - 1`);
  }

  async #update(db: Kysely<any>, chunks: readonly Chunk[], change: ReturnType<typeof sql>): Promise<void> {
    if (chunks.length === 0) {
      return;
    }
    await sql`
      update job_chunks as chunk set ${change}
      from unnest(
        ${chunks.map(({ jobId }) => jobId)}::uuid[], ${chunks.map(({ number }) => number)}::int[], ${chunks.map(({ fence }) => fence)}::int[]
      ) as held (job_id, number, fence)
      where chunk.job_id = held.job_id and chunk.number = held.number and chunk.fence = held.fence and chunk.state = 'running'`.execute(db);
  }
}
