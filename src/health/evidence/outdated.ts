import { escapeIdentifier } from 'pg';
import type { Finding } from '../finding.ts';
import type { Places } from './places.ts';
import { aboutRows, type Question } from './question.ts';

/** Rows whose generated value is not what its expression gives, where a column is generated otherwise or no longer. */
export function outdated({ kind, table = '', column = '' }: Finding, places: Places): Question | null {
  const { default: expression = null, generated } = places.expected.relations[table]?.columns[column] ?? {};
  if (kind !== 'COLUMN_GENERATED' || !generated || expression === null || !places.has(table, [column])) return null;
  return aboutRows({
    table,
    from: places.sqlName(table),
    condition: `r.${escapeIdentifier(column)} is distinct from (${expression})`,
    key: places.keyOf(table),
    one: `has an outdated ${column}`,
    many: `have an outdated ${column}`,
  });
}
