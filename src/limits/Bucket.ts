/**
 * A bucket of points in the memory of this process, as the moment from which it is full again (GCRA): one number, whatever
 * was taken.
 */
export class Bucket {
  #fullAt = 0;
  readonly #pointsPerMs: number;
  readonly #burstMs: number;

  constructor(pointsPerSecond: number, burst: number) {
    this.#pointsPerMs = pointsPerSecond / 1000;
    this.#burstMs = burst / this.#pointsPerMs;
  }

  /** @returns 0 when the points were taken, else how many milliseconds later they could be */
  take(points: number, now: number): number {
    const fullAt = Math.max(this.#fullAt, now) + points / this.#pointsPerMs;
    const wait = fullAt - now - this.#burstMs;
    if (wait > 0) return wait;
    this.#fullAt = fullAt;
    return 0;
  }
}
