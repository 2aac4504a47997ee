import type { ToneName } from '../Tone.tsx';

/** One curve: a value for each moment, null where nothing is known. */
export interface Series {
  name: string;
  values: readonly (number | null)[];
  /** its colour; by default the next one of those that differ most */
  tone?: ToneName;
}

/** What a chart shows. */
export interface ChartData {
  series: readonly Series[];
  /** ms since the epoch, or ISO 8601; ascending */
  times: readonly (number | string)[];
  /** of the values, as in "targets a second" */
  unit: string;
}

const order: readonly ToneName[] = ['good', 'bad', 'warn', 'quiet'];

/** The colour of the curve at this place. */
export function toneOf({ tone }: Series, place: number): ToneName {
  return tone ?? order[place % order.length]!;
}
