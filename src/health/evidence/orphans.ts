import { escapeIdentifier } from 'pg';
import type { Finding } from '../finding.ts';
import type { Places } from './places.ts';
import { aboutRows, type Question } from './question.ts';

/** Rows that refer to nothing, where a foreign key is missing, not validated, not enforced, or leads elsewhere. */
export function orphans({ table = '', object = '', kind }: Finding, places: Places): Question | null {
  const key = places.constraint(table, object);
  if (key?.type !== 'f' || !key.references || (kind !== 'FOREIGN_KEY' && kind !== 'NOT_VALID_CONSTRAINT')) return null;
  const { references, columns } = key;
  if (!places.has(table, columns) || !places.has(references.table, references.columns)) return null;
  const own = columns.map((column) => `r.${escapeIdentifier(column)}`);
  const pairs = own.map((column, place) => `t.${escapeIdentifier(references.columns[place] ?? '')} = ${column}`);
  const refers = references.match === 'f' ? `num_nonnulls(${own.join(', ')}) > 0` : own.map((column) => `${column} is not null`).join(' and ');
  return aboutRows({
    table,
    from: places.sqlName(table),
    condition: `${refers} and not exists (select from ${places.sqlName(references.table)} t where ${pairs.join(' and ')})`,
    key: places.keyOf(table),
    one: `refers to no row of ${references.table}`,
    many: `refer to no row of ${references.table}`,
  });
}
