import { escapeIdentifier } from 'pg';
import type { Meaning } from './decide.ts';
import type { ColumnTypes } from './types.ts';

/**
 * The statement that asks PostgreSQL's planner whether every row that fulfils `premise` fulfils `conclusion`: it plans
 * "never" for the rows that would contradict. It needs no object, takes no lock and works on a standby. NULL passes a
 * check, but not a predicate. Columns called old.x and new.x are those of a trigger.
 */
export function implicationQuery(meaning: Meaning, columns: ColumnTypes, premise: string, conclusion: string): string {
  const condition = meaning === 'check' ? `(not (${conclusion})) and (not (${premise})) is not true` : `(${premise}) and (${conclusion}) is not true`;
  const ofTrigger = Object.keys(columns).some((name) => name.startsWith('old.'));
  const sources = ofTrigger ? ['old', 'new'].map((row) => source(row, columns, `${row}.`)) : [source('v', columns, '')];
  return `explain (costs off) select 1 from ${sources.join(', ')} where ${condition}`;
}

/** Whether the plan says "never". */
export function isProved(plan: readonly Record<string, string>[]): boolean {
  return plan.some((row) => row['QUERY PLAN']?.includes('One-Time Filter: false'));
}

function source(alias: string, columns: ColumnTypes, prefix: string): string {
  const own = Object.entries(columns).filter(([name]) => name.startsWith(prefix));
  const names = own.map(([name]) => escapeIdentifier(name.slice(prefix.length))).join(', ');
  // Two rows: the planner would work out a single one beforehand.
  return `(values (${own.map(([, { type }]) => `null::${type}`).join(', ')}), (${own.map(() => 'null').join(', ')})) ${alias} (${names})`;
}
