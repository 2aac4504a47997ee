import { sql, type Kysely } from 'kysely';

/** Seconds by the database's clock. A chunk takes a small part of it; a chunk that takes longer is renewed. */
const leaseSeconds = 5;
/** Milliseconds after which a suspect that is still in hand waits for something: what ends a process does so at once. */
const suspicionMs = 10_000;

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

/**
 * The chunks that this process works on. A chunk that was claimed before and has not ended is a suspect: it may have ended
 * its worker. A process holds one suspect at a time, so that none is blamed for what another does.
 */
export class Leases {
  readonly workerId: string;
  readonly #held = new Set<Chunk>();
  #suspect: { chunk: Chunk | null; until: number } | null = null;

  constructor(workerId: string) {
    this.workerId = workerId;
  }

  get count(): number {
    return this.#held.size;
  }

  /**
   * The next chunk that is ready or whose worker has died, or null; null too unless the job is running. While this process
   * holds a suspect, only a chunk that nobody has claimed before.
   */
  async claim(db: Kysely<any>, jobId: string): Promise<Chunk | null> {
    if (this.#suspect && performance.now() < this.#suspect.until) return this.#claim(db, jobId, sql`and attempts = 0`);
    // Taken before anybody knows: another claim of this process may be on its way at the same time.
    const place: { chunk: Chunk | null; until: number } = { chunk: null, until: performance.now() + suspicionMs };
    this.#suspect = place;
    try {
      const chunk = await this.#claim(db, jobId, sql``);
      if (chunk && chunk.attempts > 1) place.chunk = chunk;
      return chunk;
    } finally {
      if (place.chunk === null && this.#suspect === place) this.#suspect = null;
    }
  }

  async #claim(db: Kysely<any>, jobId: string, which: ReturnType<typeof sql>): Promise<Chunk | null> {
    // Materialized: as a subquery of the join it could run once per row, and claim a chunk with each.
    const { rows } = await sql<Chunk>`
      with next as materialized (
        select number from job_chunks
        where job_id = ${jobId}::uuid and (state = 'ready' or state = 'running' and lease_until < clock_timestamp()) ${which}
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
    if (this.#suspect?.chunk === chunk) this.#suspect = null;
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
    this.drop(chunk);
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
