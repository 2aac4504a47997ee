import type { ClientBase, QueryResult } from 'pg';
import { escapeIdentifier } from 'pg';

export interface ReadOnlyOptions {
  /** the search_path; null leaves the role's own */
  schema: string | null;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  /** false: a statement fails rather than leave out what row security hides */
  rowSecurity: boolean;
}

/** How PostgreSQL spells names and values is not left to the settings of the role. */
const spelling = [
  'quote_all_identifiers = off',
  'standard_conforming_strings = on',
  `timezone = 'UTC'`,
  `datestyle = 'ISO, YMD'`,
  'intervalstyle = postgres',
  'extra_float_digits = 1',
  'bytea_output = hex',
];

/**
 * Runs statements in a transaction of their own that cannot write, and answers the results of each. One simple query, so
 * one round trip, also through a pooler that keeps no session. Each statement sees what was committed before it began.
 */
export async function readOnly(client: ClientBase, options: ReadOnlyOptions, ...statements: string[]): Promise<QueryResult[]> {
  const settings = settingsFor(options);
  const started = performance.now();
  try {
    return (await run(client, ...settings, ...statements, 'commit')).slice(settings.length, -1);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== '57014' || performance.now() - started > options.statementTimeoutMs) throw error;
    // The role's own time-out is so short that it ran out before ours was read.
    await run(client, ...settings);
    return (await run(client, ...statements, 'commit')).slice(0, -1);
  }
}

async function run(client: ClientBase, ...statements: string[]): Promise<QueryResult[]> {
  try {
    return (await client.query(statements.join(';\n'))) as unknown as QueryResult[];
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

function settingsFor({ schema, statementTimeoutMs, lockTimeoutMs, rowSecurity }: ReadOnlyOptions): string[] {
  const local = [
    `statement_timeout = ${Math.max(1, Math.round(statementTimeoutMs))}`,
    `lock_timeout = ${lockTimeoutMs}`,
    'idle_in_transaction_session_timeout = 0',
    'jit = off',
    `row_security = ${rowSecurity ? 'on' : 'off'}`,
    ...spelling,
    ...(schema === null ? [] : [`search_path = ${escapeIdentifier(schema)}`]),
  ];
  return ['begin isolation level read committed read only', ...local.map((setting) => `set local ${setting}`)];
}
