import { Client } from 'pg';
import { readOnly } from '../readOnly.ts';
import { reasonOf } from '../unreachable.ts';

const limits = { statementTimeoutMs: 1000, lockTimeoutMs: 200, rowSecurity: true };

/** Rows, or in words that follow a colon why there are none. */
export type Remembered<Row> = { rows: Row[]; error: null } | { rows: null; error: string };

/**
 * Reads what health has written down, over a connection for a moment only. Never throws: it is asked for when much may be
 * broken, and the pool with it.
 */
export async function readOnce<Row>(url: string, schema: string, statement: string): Promise<Remembered<Row>> {
  const client = new Client({ connectionString: url, application_name: 'outrider health history', connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const [answer] = await readOnly(client, { schema, ...limits }, statement);
    return { rows: (answer?.rows ?? []) as Row[], error: null };
  } catch (error) {
    return { rows: null, error: reasonOf(error) };
  } finally {
    await client.end().catch(() => {});
  }
}
