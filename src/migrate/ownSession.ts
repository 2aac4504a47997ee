import type { Client } from 'pg';
import { MigrationError } from './errors.ts';

/**
 * Throws behind a pooler such as PgBouncer, which may run each transaction in another session: the lock of a migration would
 * stay in one that others use, and its settings too. A pooler answers the login with a process of its own making.
 */
export async function requireOwnSession(client: Client): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  if (rows[0]?.pid === (client as Client & { processID?: number }).processID) return;
  throw new MigrationError('DATABASE_OWNER_URL (DATABASE_URL where it is not set) leads through a connection pooler: set DATABASE_OWNER_URL to the address of PostgreSQL itself, because whatever changes the schema needs a session and a lock of its own.');
}
