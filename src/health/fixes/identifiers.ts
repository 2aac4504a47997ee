import { escapeIdentifier } from 'pg';

/** "pgboss.job" → "pgboss"."job"; the main schema is the search_path of a repair. */
export function quoteTable(table: string): string {
  return table.split('.').map(escapeIdentifier).join('.');
}

/** The name of an index or a sequence beside its table: it lives in the same schema. */
export function quoteBeside(table: string, name: string): string {
  const dot = table.lastIndexOf('.');
  return dot < 0 ? escapeIdentifier(name) : `${quoteTable(table.slice(0, dot))}.${escapeIdentifier(name)}`;
}

/** "search_document(text, text)" → "search_document"(text, text), and without what its arguments are called. */
export function quoteRoutine(routine: string): string {
  const start = routine.indexOf('(');
  return `${quoteTable(routine.slice(0, start))}${routine.slice(start)}`;
}

export function schemaOf(name: string): string | null {
  const dot = name.replace(/\(.*$/, '').indexOf('.');
  return dot < 0 ? null : name.slice(0, dot);
}
