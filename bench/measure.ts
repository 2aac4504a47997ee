/** The middle of several measurements, and how far apart its neighbours are. */
export interface Measured {
  median: number;
  /** half of what lies between the quartiles, as a part of the median */
  spread: number;
}

/** The middle one; the mean of the middle two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function measured(values: readonly number[]): Measured {
  const middle = median(values);
  return { median: middle, spread: (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / middle };
}

/** Between neighbours by their distance: type 7 of Hyndman and Fan (1996). */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

/** Milliseconds that the action takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/**
 * Measures several candidates in turn, round after round, so that whatever slows the machine down meets all of them
 * alike; answers what each candidate's rounds gave. The first two rounds warm up and do not count.
 */
export async function alternate<Name extends string, Value = number>(
  rounds: number,
  candidates: Record<Name, () => Promise<Value>>,
): Promise<Record<Name, Value[]>> {
  const names = Object.keys(candidates) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as Value[]])) as Record<Name, Value[]>;
  for (let round = -2; round < rounds; round++) {
    const order = round % 2 ? names : names.toReversed();
    for (const name of order) {
      const value = await candidates[name]();
      if (round >= 0) values[name].push(value);
    }
  }
  return values;
}
