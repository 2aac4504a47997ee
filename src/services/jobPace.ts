import { JobStatus } from '../domain/enums.ts';
import type { JobRow } from './jobRow.ts';

export interface Pace {
  /** targets a second; null where nothing can be said */
  ratePerSecond: number | null;
  /** seconds until the end at this rate */
  etaSeconds: number | null;
}

/** How far back the rate looks, in milliseconds: long enough to be calm, short enough to follow. */
const span = 5_000;

/** The rate of one job from what was seen of it; at first the average since its start. */
export class JobPace {
  #seen: { at: number; processed: number }[] = [];

  observe({ status, at, processed, totalTargets, startedAt, finishedAt }: JobRow): Pace {
    if (finishedAt && startedAt) {
      return { ratePerSecond: rate(processed, finishedAt.getTime() - startedAt.getTime()), etaSeconds: null };
    }
    if (status !== JobStatus.RUNNING || !startedAt) {
      this.#seen = [];
      return { ratePerSecond: null, etaSeconds: null };
    }
    const now = at.getTime();
    this.#seen = this.#seen.filter((seen) => now - seen.at <= span);
    const first = this.#seen[0] ?? { at: startedAt.getTime(), processed: 0 };
    if (this.#seen.length === 0 || now - this.#seen.at(-1)!.at >= 100) {
      this.#seen.push({ at: now, processed });
    }
    const ratePerSecond = rate(processed - first.processed, now - first.at);
    const left = totalTargets === null ? null : totalTargets - processed;
    return { ratePerSecond, etaSeconds: ratePerSecond && left !== null ? left / ratePerSecond : null };
  }
}

function rate(count: number, ms: number): number | null {
  return ms > 0 ? (count * 1_000) / ms : null;
}
