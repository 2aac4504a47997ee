import type { Value } from './evaluate.ts';
import type { Constant } from './expression.ts';
import type { Group } from './terms.ts';
import { familyOf } from './types.ts';

export interface Samples {
  /** the value of each constant, by its text */
  constants: Map<string, number>;
  /** one of each kind that the terms of the group can tell apart */
  values: Exclude<Value, null>[];
  /** a value in the words of an operator */
  describe(value: Value): string;
}

const lengths = new Set(['length', 'octet_length', 'cardinality', 'jsonb_array_length']);
/** In place of a value, where which one does not matter. */
export const NOT_NULL = 'is not null';
export const OTHER = 'is something else';

const byText = new Set(['text', 'uuid']);

/**
 * Values that stand for all others: the constants, and between, below and above them as many as the terms could need to
 * differ from each other. An expression that only compares cannot tell more apart, so trying them all is a proof. Null
 * where the order of the constants is not known here.
 */
export function samplesOf(group: Group, enums: Readonly<Record<string, readonly string[]>>): Samples | null {
  const types = [...group.terms.values(), ...group.constants.values()].map(({ type }) => type);
  const enumType = types.find((type) => type !== null && enums[type]);
  if (enumType) return ofEnum(group, enums[enumType] ?? []);
  const families = new Set(types.map(familyOf));
  const isNumeric = [...families].every((family) => family === 'integer' || family === 'numeric' || family === 'float');
  if (isNumeric) return ofNumbers(group, !families.has('numeric') && !families.has('float'));
  return ofOthers(group, families);
}

function ofEnum(group: Group, labels: readonly string[]): Samples | null {
  const constants = new Map<string, number>();
  for (const [key, { value }] of group.constants) constants.set(key, labels.indexOf(value ?? ''));
  if ([...constants.values()].includes(-1)) return null;
  return { constants, values: labels.map((_, place) => place), describe: (value) => `'${labels[Number(value)]}'` };
}

function ofNumbers(group: Group, whole: boolean): Samples | null {
  const constants = new Map([...group.constants].map(([key, { value }]) => [key, Number(value)] as const));
  if ([...constants.values()].some((value) => !Number.isFinite(value))) return null;
  const isLength = [...group.terms.values()].every(({ node }) => node.kind === 'call' && lengths.has(node.name));
  const values = around([...constants.values()], countOf(group), whole).filter((value) => !isLength || value >= 0);
  return { constants, values, describe: String };
}

function ofOthers(group: Group, families: ReadonlySet<string | null>): Samples | null {
  const texts = [...new Set([...group.constants.values()].map(({ value }) => value ?? ''))];
  const [only] = families;
  const places = new Map(texts.map((text, place) => [text, timeOf(text, only ?? null) ?? place * 1000]));
  const known = texts.length <= 1 || [...places.keys()].every((text) => timeOf(text, only ?? null) !== null) || (!group.ordered && families.size === 1 && byText.has(only ?? ''));
  if (!known) return null;
  const constants = new Map([...group.constants].map(([key, { value }]) => [key, places.get(value ?? '') ?? 0] as const));
  const values = around([...new Set(constants.values())], countOf(group), false).filter((value) => !(places.get('') === 0 && value < 0));
  return { constants, values, describe: (value) => nameOf(value, group.constants, constants) };
}

function nameOf(value: Value, texts: ReadonlyMap<string, Constant>, places: ReadonlyMap<string, number>): string {
  const found = [...places].find(([, place]) => place === value);
  return found ? `'${texts.get(found[0])?.value}'` : texts.size === 0 ? NOT_NULL : OTHER;
}

/** how many values the terms need between two constants to be all different */
function countOf({ mixed, terms }: Group): number {
  return mixed ? terms.size : 1;
}

function timeOf(text: string, family: string | null): number | null {
  if (!/^(timestamp|date$)/.test(family ?? '')) return null;
  if (text === 'infinity') return 1e17;
  if (text === '-infinity') return -1e17;
  // A date without a zone is read in one and the same zone each time.
  const time = Date.parse(text.replace(/([+-]\d\d)$/, '$1:00'));
  return Number.isNaN(time) ? null : time;
}

function around(constants: readonly number[], count: number, whole: boolean): number[] {
  const sorted = [...new Set(constants)].sort((a, b) => a - b);
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return Array.from({ length: count }, (_, place) => place + 1);
  const steps = Array.from({ length: count }, (_, place) => place + 1);
  const below = steps.map((step) => Math.ceil(first) - step);
  const above = steps.map((step) => Math.floor(last) + step);
  const between = sorted.slice(1).flatMap((high, place) => inside(sorted[place] ?? high, high, count, whole));
  return [...new Set([...sorted.filter((value) => !whole || Number.isInteger(value)), ...above, ...between, ...below])];
}

function inside(low: number, high: number, count: number, whole: boolean): number[] {
  const steps = Array.from({ length: count }, (_, place) => place + 1);
  if (whole) return steps.map((step) => Math.floor(low) + step).filter((value) => value < high);
  return steps.map((step) => low + ((high - low) * step) / (count + 1));
}
