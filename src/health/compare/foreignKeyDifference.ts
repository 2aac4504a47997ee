import type { Constraint } from '../catalog.ts';
import { effectsByUrgency, type DriftEffect } from '../report.ts';

/** what happens to the rows that refer, and what should */
const actions: Record<string, [does: string, should: string]> = {
  a: ['is refused', 'should be refused'],
  r: ['is refused at once', 'should be refused at once'],
  c: ['does the same to the rows that refer to it', 'should do the same to the rows that refer to it'],
  n: ['empties the rows that refer to it', 'should empty the rows that refer to it'],
  d: ['resets the rows that refer to it', 'should reset the rows that refer to it'],
};

interface Difference {
  effect: DriftEffect;
  sqlState?: string;
  words: string;
}

/** What another foreign key over the same columns does to people; null when it means the same. */
export function foreignKeyDifference(expected: Constraint, actual: Constraint): Difference | null {
  const [ours, theirs] = [expected.references, actual.references];
  if (!ours || !theirs) return null;
  const differences = [
    target(expected, actual),
    action('deleting what it refers to', ours.onDelete, theirs.onDelete),
    action('changing the key that it refers to', ours.onUpdate, theirs.onUpdate),
    match(expected, actual),
    timing(expected, actual),
  ];
  const found = differences.filter((difference) => difference !== null);
  const [worst] = [...found].sort((a, b) => effectsByUrgency.indexOf(a.effect) - effectsByUrgency.indexOf(b.effect));
  return worst ? { ...worst, words: found.map(({ words }) => words).join('; ') } : null;
}

/** the columns in pairs, in any order, and the table that they refer to */
function target(expected: Constraint, actual: Constraint): Difference | null {
  const described = ({ columns, references }: Constraint) => `${references?.table} ${columns.map((column, place) => `${column}=${references?.columns[place]}`).sort().join()}`;
  if (described(expected) === described(actual)) return null;
  const { table, columns } = actual.references ?? { table: 'nothing', columns: [] };
  return { effect: 'WRITE_FAILS', sqlState: '23503', words: `it refers to ${table} (${columns.join(', ')}), so what belongs to ${expected.references?.table} is refused` };
}

/** One that refuses where it should go on fails loudly; the reverse deletes or empties without a word. */
function action(what: string, ours: string | undefined, theirs: string | undefined): Difference | null {
  if (ours === undefined || theirs === undefined || ours === theirs) return null;
  const words = `${what} ${actions[theirs]?.[0]} and ${actions[ours]?.[1]}`;
  if (theirs !== 'a' && theirs !== 'r') return { effect: 'SILENT', words: `${words}: it happens without an error` };
  // RESTRICT does not wait for the end of the statement, in which the rows that refer may go too.
  return ours === 'r' && theirs === 'a' ? { effect: 'NONE', words } : { effect: 'WRITE_FAILS', sqlState: '23503', words };
}

/** Of one column, MATCH FULL and MATCH SIMPLE are the same. */
function match({ columns, references: ours }: Constraint, { references: theirs }: Constraint): Difference | null {
  if (columns.length < 2 || ours?.match === theirs?.match) return null;
  return theirs?.match === 'f'
    ? { effect: 'WRITE_FAILS', sqlState: '23503', words: 'it refuses rows that are NULL in part (MATCH FULL)' }
    : { effect: 'SILENT', words: 'it lets rows pass that are NULL in part (MATCH SIMPLE)' };
}

function timing(expected: Constraint, actual: Constraint): Difference | null {
  if (expected.deferred === actual.deferred && expected.deferrable === actual.deferrable) return null;
  if (expected.deferred && !actual.deferred) return { effect: 'WRITE_FAILS', sqlState: '23503', words: 'it is checked at each statement instead of at the end of the transaction' };
  if (actual.deferred && !expected.deferred) return { effect: 'WRITE_FAILS', sqlState: '23503', words: 'it is checked at the end of the transaction instead of at each statement, so writes fail later than they are told' };
  return actual.deferrable ? { effect: 'NONE', words: 'it may be put off to the end of the transaction' } : { effect: 'WRITE_FAILS', sqlState: '23503', words: 'it cannot be put off to the end of the transaction' };
}
