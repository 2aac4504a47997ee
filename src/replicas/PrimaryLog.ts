import { askIdentity, type Identity } from './identity.ts';
import { Probe } from './Probe.ts';

interface Sample {
  /** when it was asked (performance.now) */
  at: number;
  position: number;
}

/** How far the primary has written, and how far it had at each time of the last while. */
export class PrimaryLog {
  readonly #probe: Probe;
  /** how far back it is known when the primary was where (ms) */
  readonly #rememberedMs: number;
  readonly #onRewind: () => void;
  #samples: Sample[] = [];
  #identity: Identity | null = null;
  #asking: Promise<number> | null = null;
  #next: Promise<number> | null = null;

  /** `onRewind`: the log is shorter than it was, because another server took over before it had everything */
  constructor(url: string, rememberedMs: number, onRewind: () => void) {
    this.#probe = new Probe(url, 'outrider replicas');
    this.#rememberedMs = rememberedMs;
    this.#onRewind = onRewind;
  }

  /** of the last answer; null before the first */
  get identity(): Identity | null {
    return this.#identity;
  }

  /** the last position that is known; null before the first */
  get latest(): number | null {
    return this.#samples.at(-1)?.position ?? null;
  }

  /**
   * A position that everything written before the call is below. Those who ask while a question is on its way share the
   * next one. Rejects within two seconds when the primary does not answer.
   */
  now(): Promise<number> {
    if (this.#asking === null) return (this.#asking = this.#ask().finally(() => (this.#asking = null)));
    const before = this.#asking;
    return (this.#next ??= before.catch(() => {}).then(() => {
      this.#next = null;
      return this.now();
    }));
  }

  /** How long ago (ms, at most) the primary was where a replica is now; null when that is longer ago than it is remembered. */
  ageOf(position: number): number | null {
    const sample = this.#samples.findLast((known) => known.position <= position);
    return sample ? performance.now() - sample.at : null;
  }

  /** Whether a replica that is here has all that is known to be written. */
  isNewest(position: number): boolean {
    const newest = this.#samples.at(-1);
    return newest !== undefined && position >= newest.position;
  }

  close(): void {
    this.#probe.close();
  }

  async #ask(): Promise<number> {
    const at = performance.now();
    this.#identity = await this.#probe.ask<Identity>(askIdentity);
    const { position } = this.#identity;
    if (position < (this.#samples.at(-1)?.position ?? 0)) {
      this.#samples = [];
      this.#onRewind();
    }
    // As many as a replica's position is looked up among, however often it is asked.
    if (at - (this.#samples.at(-1)?.at ?? -Infinity) > 100) this.#samples.push({ at, position });
    while (this.#samples.length > 1 && this.#samples[0]!.at < at - this.#rememberedMs) this.#samples.shift();
    return position;
  }
}
