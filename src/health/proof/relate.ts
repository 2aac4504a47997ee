import { columnsOf, textOf, type Expression } from './expression.ts';
import { decide, type Decision, type Meaning } from './decide.ts';
import { implicationQuery } from './implies.ts';
import { normalForm } from './normalForm.ts';
import type { ColumnTypes, Facts } from './types.ts';
import { readExpression } from './readExpression.ts';

/** Whether PostgreSQL plans the statement as "never"; false also where it cannot read it. */
export type Asks = (explain: string) => Promise<boolean>;

/** How what stands there relates to what should. `looser` and `stricter` hold a row that shows it, where one is known. */
export interface Relation {
  looser: boolean;
  stricter: boolean;
  looserRow: string | null;
  stricterRow: string | null;
}

export const same: Relation = { looser: false, stricter: false, looserRow: null, stricterRow: null };

/** Two expressions of one table, for the same rows. */
export async function relate(asks: Asks, meaning: Meaning, facts: Facts, ours: string, theirs: string): Promise<Relation> {
  const [a, b] = [read(ours, facts), read(theirs, facts)];
  if (a && b && textOf(a) === textOf(b)) return same;
  const decision = a && b && decide(meaning, facts, [a], [b]);
  if (decision && isSettled(decision)) return relationOf(decision);
  if (meaning === 'value') return { ...same, looser: true, stricter: true };
  const looser = !(await asks(implicationQuery(meaning, facts.columns, theirs, ours)));
  const stricter = !(await asks(implicationQuery(meaning, facts.columns, ours, theirs)));
  return { ...same, looser, stricter };
}

/** Checks together: what ours refuse they may let through (looser), and what they refuse ours may let through (stricter). */
export async function relateChecks(asks: Asks, enums: Facts['enums'], parts: { expected: string | null; actual: string | null; ours: readonly string[]; theirs: readonly string[]; ourColumns: ColumnTypes; theirColumns: ColumnTypes }): Promise<Relation> {
  const { expected, actual, ours, theirs, ourColumns, theirColumns } = parts;
  const guarded = expected === null ? null : await implied(asks, { columns: theirColumns, enums }, theirs, expected);
  const harmless = actual === null ? null : await implied(asks, { columns: ourColumns, enums }, ours, actual);
  return { looser: guarded !== true && guarded !== null, stricter: harmless !== true && harmless !== null, looserRow: rowOf(guarded), stricterRow: rowOf(harmless) };
}

/** true, or false with a row that passes the premises and breaks the conclusion. */
async function implied(asks: Asks, facts: Facts, premises: readonly string[], conclusion: string): Promise<true | { row: string | null }> {
  const wanted = read(conclusion, facts);
  const about = new Set(wanted ? columnsOf(wanted) : []);
  // Of a column that is gone there is nothing to show.
  if ([...about].some((column) => !facts.columns[column])) return { row: null };
  const nodes = premises.map((premise) => read(premise, facts));
  const relevant = nodes.filter((node): node is Expression => node !== null && columnsOf(node).some((column) => about.has(column)));
  const decision = wanted && decide('check', facts, [wanted], relevant);
  if (decision?.looser === null) return true;
  const isReal = decision?.certain === true && !nodes.includes(null);
  if (isReal) return { row: decision.looser };
  const mentioned = premises.filter((_, place) => !nodes[place] || relevant.includes(nodes[place]));
  if (mentioned.length === 0) return { row: null };
  return (await asks(implicationQuery('check', facts.columns, mentioned.map((premise) => `(${premise})`).join(' and '), conclusion))) || { row: null };
}

function read(sql: string, facts: Facts): Expression | null {
  const expression = readExpression(sql);
  return expression && normalForm(expression, facts);
}

/** None found in all the rows that there can be is a proof; one found is a proof where it can really be. */
function isSettled({ looser, stricter, certain }: Decision): boolean {
  return certain || (looser === null && stricter === null);
}

function relationOf({ looser, stricter }: Decision): Relation {
  return { looser: looser !== null, stricter: stricter !== null, looserRow: looser, stricterRow: stricter };
}

function rowOf(answer: true | { row: string | null } | null): string | null {
  return answer === null || answer === true ? null : answer.row;
}
