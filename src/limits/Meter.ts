import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import type { Caller } from './createGate.ts';
import { rateLimited } from './rateLimited.ts';
import type { RateLimiter } from './RateLimiter.ts';

/** Bytes of a file for a point: some one row of a page. */
const bytesOfPoint = 200;

/** What a file or a mail costs its key: something to begin with, and then what comes or goes. Whose key has nothing left waits. */
export class Meter {
  readonly #rate: RateLimiter;
  readonly #caller: Caller;
  readonly #patienceMs: number;
  /** that were counted and cost less than a point */
  #bytes = 0;

  /** @param patienceMs how long it may wait for points when it has begun; 0: any time */
  constructor(rate: RateLimiter, caller: Caller, patienceMs: number) {
    this.#rate = rate;
    this.#caller = caller;
    this.#patienceMs = patienceMs;
  }

  /** Why it may not begin; null when it may, and the points are used. */
  async begin(points: number, bytes = 0): Promise<GraphQLError | null> {
    return rateLimited(await this.#take(points + Math.floor(bytes / bytesOfPoint)));
  }

  /** Waits until the key has the points for so many bytes. @throws {GraphQLError} RATE_LIMITED where that takes too long */
  async count(bytes: number): Promise<void> {
    this.#bytes += bytes;
    const points = Math.floor(this.#bytes / bytesOfPoint);
    if (points === 0) return;
    this.#bytes -= points * bytesOfPoint;
    const since = performance.now();
    for (let waitMs = await this.#take(points); waitMs > 0; waitMs = await this.#take(points)) {
      if (this.#patienceMs > 0 && performance.now() - since + waitMs > this.#patienceMs) throw rateLimited(waitMs)!;
      await sleep(waitMs);
    }
  }

  /** The same pieces, as the key has points for them. */
  async *counted<Piece extends { length: number }>(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
    for await (const piece of pieces) {
      await this.count(piece.length);
      yield piece;
    }
  }

  #take(points: number): number | Promise<number> {
    return this.#caller.isAdminToken || points === 0 ? 0 : this.#rate.take(this.#caller.name, points);
  }
}
