import { count } from '../../parts/format.ts';

/** What a number may be. */
export interface Bounds {
  least: number;
  most: number;
  whole: boolean;
}

/** Why a text is no number within the bounds; null when it is. */
export function outOfBounds(text: string, { least, most, whole }: Bounds): string | null {
  const value = Number(text);
  const fits = text.trim() !== '' && (whole ? Number.isInteger(value) : Number.isFinite(value)) && value >= least && value <= most;
  return fits ? null : `Give a ${whole ? 'whole ' : ''}number from ${count(least)} to ${count(most)}.`;
}
