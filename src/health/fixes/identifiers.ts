import { escapeIdentifier } from 'pg';

/** "pgboss.job" → "pgboss"."job"; the main schema is the search_path of a repair. */
export function quoteTable(table: string): string {
  return table.split('.').map(escapeIdentifier).join('.');
}
