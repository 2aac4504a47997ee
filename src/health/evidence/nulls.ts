import { escapeIdentifier } from 'pg';
import type { Finding } from '../finding.ts';
import type { Places } from './places.ts';
import { aboutRows, type Question } from './question.ts';

/** Rows that hold NULL where NOT NULL was lost. */
export function nulls({ kind, table = '', column = '' }: Finding, places: Places): Question | null {
  if (kind !== 'COLUMN_NULLABILITY' || !places.expected.relations[table]?.columns[column]?.notNull || !places.has(table, [column])) return null;
  return aboutRows({
    table,
    from: places.sqlName(table),
    condition: `r.${escapeIdentifier(column)} is null`,
    key: places.keyOf(table),
    one: `holds NULL in ${column}`,
    many: `hold NULL in ${column}`,
  });
}
