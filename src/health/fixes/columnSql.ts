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

const typeWithLength = /\b(character varying|varying|varchar|character|char|bpchar|numeric|decimal|bit|timestamp|time|interval)\s*\(/gi;
const oneForAll = /\b(now|transaction_timestamp|statement_timestamp|current_setting|current_date|current_timestamp|localtimestamp)\s*\(/gi;

/** Literals, and functions that give one value for the whole statement; any other function may give each row its own. */
function isConstant(expression: string): boolean {
  const code = expression.replace(/'(?:[^']|'')*'/g, '0').replace(typeWithLength, '(').replace(oneForAll, '(');
  return !/[\w"]\s*\(/.test(code);
}

export function collation({ collation: name }: Pick<Column, 'collation'>): string | null {
  return name === null ? null : `collate ${escapeIdentifier(name)}`;
}

function generation({ default: value, generated, identity }: Column): string | null {
  if (identity !== '') return `generated ${identityWord(identity)} as identity`;
  if (generated !== '') return `generated always as (${value}) ${generated === 's' ? 'stored' : 'virtual'}`;
  return value === null ? null : `default ${value}`;
}

export function identityWord(identity: string): string {
  return identity === 'a' ? 'always' : 'by default';
}
