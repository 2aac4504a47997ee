import type { ClientBase, QueryResult } from 'pg';
import { escapeIdentifier } from 'pg';

export interface ReadOnlyOptions {
  /** the search_path; null leaves the role's own */
  schema: string | null;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
}

/**
 * Runs statements in a transaction of their own that cannot write, and answers the results of each. One simple query, so
 * one round trip, also through a pooler that keeps no session.
 */
export async function readOnly(client: ClientBase, { schema, statementTimeoutMs, lockTimeoutMs }: ReadOnlyOptions, ...statements: string[]): Promise<QueryResult[]> {
  const settings = [
    'begin isolation level repeatable read read only',
    `set local statement_timeout = ${Math.max(1, Math.round(statementTimeoutMs))}`,
    `set local lock_timeout = ${lockTimeoutMs}`,
    'set local jit = off',
    ...(schema === null ? [] : [`set local search_path = ${escapeIdentifier(schema)}`]),
  ];
  try {
    const results = (await client.query([...settings, ...statements, 'commit'].join(';\n'))) as unknown as QueryResult[];
    return results.slice(settings.length, -1);
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}
