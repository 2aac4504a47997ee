import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import type { Column } from '../catalog.ts';

/**
 * Whether every row that fulfils `premise` fulfils `conclusion`, as far as PostgreSQL's planner can prove it: it then
 * plans "never" for the rows that would contradict. NULL passes a check, but not a predicate.
 */
export async function implies(client: ClientBase, of: 'check' | 'predicate', columns: Record<string, Column>, premise: string, conclusion: string): Promise<boolean> {
  const condition = of === 'check' ? `(not (${conclusion})) and (not (${premise})) is not true` : `(${premise}) and (${conclusion}) is not true`;
  const names = Object.keys(columns).map(escapeIdentifier).join(', ');
  const typed = Object.values(columns).map(({ type }) => `null::${type}`).join(', ');
  const empty = Object.keys(columns).map(() => 'null').join(', ');
  // Two rows: the planner would work out a single one beforehand.
  const { rows } = await client.query<Record<'QUERY PLAN', string>>(
    `explain (costs off) select 1 from (values (${typed}), (${empty})) v (${names}) where ${condition}`,
  );
  return rows.some((row) => row['QUERY PLAN'].includes('One-Time Filter: false'));
}
