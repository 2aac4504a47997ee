import type { ClientBase } from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { readOnly } from '../readOnly.ts';
import type { SchemaDrift } from '../report.ts';
import { wordsOf, type JournalEntry } from './changeBehind.ts';

export interface Memory {
  /** by the database's clock; null where it was not asked */
  now: Date | null;
  /** since when any process has known each difference, by its id */
  since: Map<string, Date>;
  /** those that may concern the differences, newest first */
  journal: JournalEntry[];
}

const limits = { statementTimeoutMs: 200, lockTimeoutMs: 20, rowSecurity: true };

/** More names in a pattern, and more entries, help nobody: the change is looked for behind the most urgent differences. */
export const MOST_EXPLAINED = 50;
const MOST_ENTRIES = 300;

/** What processes left in the database for each other. Where it cannot be read (missing, locked, no right) there is none. */
export async function readMemory(client: ClientBase, schema: string, drift: readonly SchemaDrift[]): Promise<Memory> {
  const words = [...new Set(drift.slice(0, MOST_EXPLAINED).flatMap(wordsOf))].map((word) => word.replace(/\W/g, '\\$&'));
  const first = await rows(client, schema, `select clock_timestamp() as now, (select json_object_agg(id, since) from ${escapeIdentifier(schema)}.schema_drifts) as since`);
  const journal = await rows(
    client,
    schema,
    `select at, "user", application_name as "applicationName", command, objects, statement from ${escapeIdentifier(schema)}.schema_changes
     where concat_ws(' ', objects::text, statement) ~* ${escapeLiteral(`\\y(${words.join('|')})\\y`)} order by id desc limit ${MOST_ENTRIES}`,
  );
  const { now = null, since } = (first[0] ?? {}) as { now?: Date; since?: Record<string, string> | null };
  return {
    now,
    since: new Map(Object.entries(since ?? {}).map(([id, at]) => [id, new Date(at)])),
    journal: journal as unknown as JournalEntry[],
  };
}

async function rows(client: ClientBase, schema: string, sql: string): Promise<Record<string, unknown>[]> {
  try {
    return (await readOnly(client, { schema, ...limits }, sql))[0]?.rows ?? [];
  } catch (error) {
    if ((error as { severity?: string }).severity === 'ERROR') return [];
    throw error;
  }
}
