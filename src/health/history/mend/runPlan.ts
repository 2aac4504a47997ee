import { Client } from 'pg';
import { v5 as uuidOf, v7 as freshUuid } from 'uuid';
import { takeMigrationLock } from '../../../migrate/lock.ts';
import { requireOwnSession } from '../../../migrate/ownSession.ts';
import { prepareSession } from '../../../migrate/prepareSession.ts';

/** Mending the history or adopting a database did not come to its end, and nothing of it stays. One sentence. */
export class MendingError extends Error {
  override readonly name = 'MendingError';
}

export const stale = 'The schema or the history is another than the one that you read the plan of (STALE): read the plan again; nothing was changed.';

const LOCK_WAIT_MS = 60_000;
/** Names a migration among the subjects of activities. */
const subjects = '5d0f2b1e-8c39-4c0e-9a64-6a2f0d7c41b5';

/** A connection of the role that owns the schema, with nothing of the role's own settings in the way. */
export async function withOwner<T>(ownerUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: ownerUrl, application_name: 'outrider history', keepAlive: true, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await requireOwnSession(client);
    await prepareSession(client, { search_path: 'public', row_security: 'off', timezone: 'UTC' });
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Keeps whoever migrates away until the connection ends. */
export async function keepMigrationsAway(client: Client, log: (line: string) => void): Promise<void> {
  await takeMigrationLock(client, LOCK_WAIT_MS, log);
}

/**
 * Runs `work` in one transaction, which gives up when it waits for a lock for five seconds, so that nobody queues behind
 * it; a trial is rolled back at its end.
 * @throws {MendingError} nothing stays then
 */
export async function inOneTransaction<T>(client: Client, end: 'commit' | 'rollback', work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = '5s'`);
    const result = await work();
    await client.query(end);
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error instanceof MendingError ? error : explained(error as Error & { code?: string });
  }
}

/** One row of `activities` for what was done; a database whose activities cannot be written is mended all the same. */
export async function recordActivity(client: Client, action: string, subject: string, details: object, log: (line: string) => void): Promise<void> {
  await client.query('savepoint activity');
  try {
    await client.query(
      `insert into activities (id, actor, action, subject_type, subject_id, details) values ($1, session_user, $2, 'Schema', $3, $4)`,
      [freshUuid(), action, uuidOf(subject, subjects), JSON.stringify(details)],
    );
    await client.query('release savepoint activity');
  } catch (error) {
    await client.query('rollback to savepoint activity');
    log(`It could not be written down in activities (${(error as Error).message}).`);
  }
}

function explained({ message, code }: Error & { code?: string }): MendingError {
  switch (code) {
    case '42501':
      return new MendingError(`This role may not do it (${message}); nothing was changed. Set DATABASE_OWNER_URL to the role that owns the schema, with CREATE on the database.`);
    case '55P03':
      return new MendingError(`Another session holds what has to be changed (${message}); nothing was changed. End it, or try again.`);
    case '25006':
      return new MendingError(`This server or role is read-only (${message}); nothing was changed. Do it on the primary, as a role that may write.`);
    default:
      return new MendingError(`It failed (${message}); nothing was changed.`);
  }
}
