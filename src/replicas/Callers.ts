/**
 * How new the reads of each caller have to be at least, as a position of the primary's log. Remembered for as long as a
 * replica in use may be behind: after that, every one has it.
 */
export class Callers {
  readonly #keepMs: number;
  /** in the order in which they are forgotten */
  readonly #positions = new Map<string, { position: number; until: number }>();
  readonly #writing = new Map<string, number>();
  #everybody = { position: 0, until: 0 };

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /** Infinity: only the primary will do. */
  floorOf(caller: string): number {
    if (this.#writing.has(caller)) return Infinity;
    const now = performance.now();
    const own = this.#positions.get(caller);
    return Math.max(own && own.until > now ? own.position : 0, this.#everybody.until > now ? this.#everybody.position : 0);
  }

  raise(caller: string, position: number): void {
    const now = performance.now();
    const known = this.#positions.get(caller);
    this.#positions.delete(caller);
    // A position that is known is past everything that the caller did while it was not.
    const least = known && known.until > now && known.position < Infinity ? known.position : 0;
    this.#positions.set(caller, { position: Math.max(position, least), until: now + this.#keepMs });
    for (const [name, { until }] of this.#positions) {
      if (until > now) break;
      this.#positions.delete(name);
    }
  }

  raiseAll(position: number): void {
    this.#everybody = { position, until: performance.now() + this.#keepMs };
  }

  /** After a failover positions are those of another log. */
  forget(): void {
    this.#positions.clear();
    this.#everybody = { position: 0, until: 0 };
  }

  /** Until the answer is called nobody knows what the caller will have written. */
  beginWriting(caller: string): () => void {
    this.#writing.set(caller, (this.#writing.get(caller) ?? 0) + 1);
    return () => {
      const others = this.#writing.get(caller)! - 1;
      if (others > 0) this.#writing.set(caller, others);
      else this.#writing.delete(caller);
    };
  }
}
