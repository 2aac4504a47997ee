import type { Column } from '../../catalog.ts';
import { clearlyBest, similarity } from './similarity.ts';

/** A repair puts a column aside under such a name, before it makes ours beside it. */
export const setAside = (column: string): string => `${column.slice(0, 63 - asideSuffix.length)}${asideSuffix}`;
const asideSuffix = '_before_repair';

type Columns = Readonly<Record<string, Column>>;

/**
 * Columns that are still there under another name. A rename keeps the place and a drop leaves it empty, so where the other
 * columns stand in their places it is certain. In a table that was made anew, only what is alike in name and shape and has
 * no rival counts. Answers expected name → present name; two names that were swapped are in it both.
 *
 * @param later what later migrations add to the table; null: such a migration was not applied, so that any column may be
 *   in the place
 */
export function renamedColumns(expected: Columns, actual: Columns, later: (column: string) => boolean | null): Map<string, string> {
  const missing = Object.keys(expected).filter((name) => !actual[name]);
  const extra = new Set(Object.keys(actual).filter((name) => !expected[name] && !name.endsWith(asideSuffix)));
  const renamed = new Map<string, string>();
  const undecided: string[] = [];
  const inPlace = isInPlace(expected, actual);
  const byPlace = new Map(Object.entries(actual).map(([name, { position }]) => [position, name]));
  for (const name of missing) {
    const there = byPlace.get(expected[name]?.position ?? 0);
    const isPlaced = inPlace && later(name) !== null;
    if (isPlaced && there === undefined) continue;
    if (isPlaced && there !== undefined && extra.has(there) && actual[there]?.changed) renamed.set(name, there);
    else undecided.push(name);
  }
  for (const name of renamed.values()) extra.delete(name);
  for (const [name, now] of alike(undecided, [...extra], expected, actual)) renamed.set(name, now);
  return inPlace ? new Map([...renamed, ...swapped(expected, actual, byPlace, later)]) : renamed;
}

/** At least half of the columns have the place that the migrations gave them. */
function isInPlace(expected: Columns, actual: Columns): boolean {
  const common = Object.keys(expected).filter((name) => actual[name]);
  const kept = common.filter((name) => expected[name]?.position === actual[name]?.position);
  return kept.length > 0 && kept.length * 2 >= common.length;
}

function alike(missing: readonly string[], extra: readonly string[], expected: Columns, actual: Columns): Map<string, string> {
  const fits = (name: string, other: string) => similarity(name, other) >= 0.6 && sameShape(expected[name], actual[other]);
  const pairs = missing.map((name) => [name, clearlyBest(extra.filter((other) => fits(name, other)), (other) => similarity(name, other))] as const);
  return new Map(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined && pairs.every(([name, other]) => name === pair[0] || other !== pair[1])));
}

function sameShape(a: Column | undefined, b: Column | undefined): boolean {
  return a?.type === b?.type && a?.notNull === b?.notNull && a?.generated === b?.generated && a?.identity === b?.identity && (a?.default === null) === (b?.default === null);
}

/**
 * Columns that stand in each other's places and were altered after the table was made: their names went round. Those that
 * were added later may have come in another order, and are then as their names say.
 */
function swapped(expected: Columns, actual: Columns, byPlace: ReadonlyMap<number, string>, later: (column: string) => boolean | null): Map<string, string> {
  const displaced = new Map<string, string>();
  for (const [name, { position }] of Object.entries(expected)) {
    const there = byPlace.get(position);
    if (there !== undefined && there !== name && actual[name]?.changed && actual[there]?.changed && expected[there]) displaced.set(name, there);
  }
  const fitsItsName = (name: string) => later(name) !== false && sameShape(expected[name], actual[name]);
  const neighbours = Object.keys(expected).filter((name) => later(name) && !displaced.has(name) && actual[name]).length;
  return new Map(roundsIn(displaced).filter((round) => !round.every(fitsItsName) || (round.length === 2 && neighbours > 1)).flatMap((round) => round.map((name) => [name, displaced.get(name) ?? name] as const)));
}

/** Each name is taken by one and takes one. */
function roundsIn(displaced: ReadonlyMap<string, string>): string[][] {
  const rounds: string[][] = [];
  for (const first of displaced.keys()) {
    if (rounds.some((round) => round.includes(first))) continue;
    const round = [first];
    for (let next = displaced.get(first); next !== undefined && next !== first && !round.includes(next); next = displaced.get(next)) round.push(next);
    if (displaced.get(round.at(-1) ?? '') === first) rounds.push(round);
  }
  return rounds;
}
