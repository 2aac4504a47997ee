import type { ClientBase, QueryResult } from 'pg';
import { escapeIdentifier } from 'pg';

/**
 * Runs the statements in a read-only transaction of their own, in one round trip, and answers the rows of the last one.
 * Null where PostgreSQL cannot do it: then nothing is known.
 */
export async function askReadOnly<Row extends Record<string, unknown> = Record<string, string>>(client: ClientBase, schema: string, statements: readonly string[]): Promise<Row[] | null> {
  const settings = [
    'begin read only',
    `set local search_path = ${escapeIdentifier(schema)}`,
    'set local constraint_exclusion = on',
    'set local statement_timeout = 200',
    `set local timezone = 'Asia/Kathmandu'`,
  ];
  try {
    const results = (await client.query([...settings, ...statements, 'rollback'].join(';\n'))) as unknown as QueryResult<Row>[];
    return results.at(-2)?.rows ?? null;
  } catch (error) {
    if ((error as { severity?: string }).severity !== 'ERROR') throw error;
    await client.query('rollback');
    return null;
  }
}
