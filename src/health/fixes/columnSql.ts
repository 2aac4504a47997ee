import { escapeIdentifier } from 'pg';
import type { Column } from '../catalog.ts';

/** The column as CREATE TABLE and ADD COLUMN take it. */
export function columnSql(name: string, column: Column): string {
  return [escapeIdentifier(name), column.type, collation(column), generation(column), column.notNull && 'not null'].filter(Boolean).join(' ');
}

/** Whether PostgreSQL adds it without writing every row again. */
export function isAddedAtOnce({ default: value, generated, identity }: Column): boolean {
  return generated !== 's' && identity === '' && (value === null || isConstant(value));
}

/** Literals, and functions that give one value for the whole statement. */
function isConstant(expression: string): boolean {
  return !expression.includes('(') || expression === 'now()';
}

function collation({ collation: name }: Column): string | null {
  return name === null ? null : `collate ${escapeIdentifier(name)}`;
}

function generation({ default: value, generated, identity }: Column): string | null {
  if (identity !== '') return `generated ${identity === 'a' ? 'always' : 'by default'} as identity`;
  if (generated !== '') return `generated always as (${value}) ${generated === 's' ? 'stored' : 'virtual'}`;
  return value === null ? null : `default ${value}`;
}
