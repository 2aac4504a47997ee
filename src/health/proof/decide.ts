import { evaluate, type Row, type Value } from './evaluate.ts';
import { textOf, type Expression } from './expression.ts';
import type { Facts } from './types.ts';
import { NOT_NULL, OTHER, samplesOf, type Samples } from './samples.ts';
import { areFree, Terms, type Term } from './terms.ts';

/** NULL passes a check, and is no row of a predicate. */
export type Meaning = 'check' | 'predicate' | 'value';

export interface Decision {
  /** a row that they accept and we do not, in words; null when there is none */
  looser: string | null;
  /** a row that we accept and they do not */
  stricter: string | null;
  /** rows that were found can really be; without it only "there is none" is proved */
  certain: boolean;
}

const MOST_ROWS = 60_000;

/**
 * Compares what two lists of conditions, each met in all its parts, say about every row there can be. Only the order of
 * values matters to them, so a finite number of rows stands for all. Null where that is not so, or where there are too many.
 */
export function decide(meaning: Meaning, { columns, enums }: Facts, ours: readonly Expression[], theirs: readonly Expression[]): Decision | null {
  const terms = new Terms(columns);
  const sources = [...ours, ...theirs].map((node) => terms.add(node));
  if (meaning === 'value') terms.meet(sources.flat(), false);

  const constants = new Map<string, Value>();
  const choices: { term: Term; values: Value[]; describe(value: Value): string }[] = [];
  for (const term of terms.booleans.values()) choices.push({ term, values: withNull(term, [true, false]), describe: String });
  for (const group of terms.groups) {
    const samples: Samples | null = samplesOf(group, enums);
    if (!samples) return null;
    for (const [key, value] of samples.constants) constants.set(key, value);
    for (const term of group.terms.values()) choices.push({ term, values: withNull(term, samples.values), describe: samples.describe });
  }
  if (choices.reduce((rows, { values }) => rows * values.length, 1) > MOST_ROWS) return null;

  const decision: Decision = { looser: null, stricter: null, certain: areFree(choices.map(({ term }) => term)) };
  for (const row of rowsOf(choices, 0, new Map(constants))) {
    const [we, they] = [verdict(meaning, ours, row), verdict(meaning, theirs, row)];
    if (we === they) continue;
    const direction = meaning === 'value' || they === true ? 'looser' : 'stricter';
    decision[direction] ??= choices.map(({ term, describe }) => inWords(term, row.get(term.key) ?? null, describe)).join(', ');
    if (meaning === 'value' || (decision.looser !== null && decision.stricter !== null)) break;
  }
  return decision;
}

function verdict(meaning: Meaning, conditions: readonly Expression[], row: Row): Value {
  if (meaning === 'value') return evaluate(conditions[0] as Expression, row);
  return conditions.every((condition) => (meaning === 'check' ? evaluate(condition, row) !== false : evaluate(condition, row) === true));
}

function withNull({ nullable }: Term, values: Value[]): Value[] {
  return nullable ? [...values, null] : values;
}

/** Every row, in one map that is written anew for each. */
function* rowsOf(choices: readonly { term: Term; values: Value[] }[], from: number, row: Map<string, Value>): Generator<Row> {
  const choice = choices[from];
  if (!choice) {
    yield row;
    return;
  }
  for (const value of choice.values) {
    row.set(choice.term.key, value);
    yield* rowsOf(choices, from + 1, row);
  }
}

function inWords({ node }: Term, value: Value, describe: (value: Value) => string): string {
  const name = node.kind === 'column' ? node.name : textOf(node).replaceAll('"', '');
  if (value === null) return `${name} is null`;
  const text = describe(value);
  return text === NOT_NULL || text === OTHER ? `${name} ${text}` : `${name} = ${text}`;
}
