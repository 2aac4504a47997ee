import { Client, escapeIdentifier } from 'pg';
import { MIGRATION_LOCK } from '../../migrate/lock.ts';
import { requireOwnSession } from '../../migrate/ownSession.ts';
import { prepareSession } from '../../migrate/prepareSession.ts';

/** Nobody queues behind a step for longer than this. */
export const LOCK_TIMEOUT_MS = 1000;

const settings = {
  lock_timeout: String(LOCK_TIMEOUT_MS),
  // Of functions that call each other or read tables, one has to come first.
  check_function_bodies: 'off',
  default_transaction_read_only: 'off',
};

/** A connection of the role that owns the schema, made for DDL. */
export async function openOwnerSession(ownerUrl: string, schema: string, applicationName: string): Promise<Client> {
  const client = new Client({ connectionString: ownerUrl, application_name: applicationName, keepAlive: true, connectionTimeoutMillis: 10_000 });
  // A lost connection is reported by the statement that meets it.
  client.on('error', () => {});
  try {
    await client.connect();
    await requireOwnSession(client);
    await prepareSession(client, { ...settings, search_path: escapeIdentifier(schema) });
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** One repair or migration at a time on a database: the lock under which migrations run. Ends with the connection. */
export async function tryMigrationLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [MIGRATION_LOCK]);
  return rows[0]?.taken ?? false;
}
