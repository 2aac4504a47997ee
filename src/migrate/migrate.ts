import { hostname } from 'node:os';
import pg from 'pg';
import { applyMigration, type AppliedMigration } from './apply.ts';
import { MigrationError, MigrationLockedError } from './errors.ts';
import { createHistory, readHistory } from './history.ts';
import { takeMigrationLock } from './lock.ts';
import { loadMigrations, refuseDisorder, type MigrationFile } from './migrations.ts';
import { findAhead, findPending, type PendingMigration } from './pending.ts';
import { requireOwnSession } from './ownSession.ts';
import { prepareSession } from './prepareSession.ts';
import { refuseEncoding, refuseReadOnly, refuseToMakeWorse } from './refusals.ts';

export { MigrationError, MigrationLockedError };

export interface MigrateOptions {
  /** Of the role that owns the schema. */
  url: string;
  /** Says what would be applied; writes nothing and waits for nobody. */
  dryRun?: boolean;
  log?: (line: string) => void;
  /** Stands in the history; role@host unless told. */
  appliedBy?: string;
  /** Those of this version unless told. */
  migrations?: readonly MigrationFile[];
  /** How long to wait for another process that is migrating; an hour unless told. */
  lockTimeoutMs?: number;
  /** from here on nobody else migrates */
  onLocked?: () => void;
  onApplied?: (migration: AppliedMigration) => void;
}

export interface MigrateResult {
  /** What this call applied, in order. */
  applied: AppliedMigration[];
  /** Names of what had been applied before. */
  alreadyApplied: string[];
  /** What a dry run left to do. */
  pending: MigrationFile[];
  /** Names of what a later version of Outrider has applied after all of ours; whether this one can work all the same is not looked at. */
  ahead: string[];
}

interface Plan {
  pending: PendingMigration[];
  ahead: string[];
}

/** A role's own path must not decide where the tables go, nor row security which rows of the history are seen. */
const settings = { lock_timeout: '0', search_path: 'public', row_security: 'off' };

/**
 * Applies the pending migrations, one process at a time on a database; calling it again is harmless.
 * Throws MigrationError, one sentence that says what to do.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const log = options.log ?? (() => {});
  const migrations = options.migrations ?? (await loadMigrations());
  refuseDisorder(migrations);
  const client = await connect(options.url);
  try {
    if (options.dryRun) {
      const plan = await planFor(client, migrations, log);
      const pending = plan.pending.map(({ migration }) => migration);
      return { applied: [], alreadyApplied: namesWithout(migrations, pending), pending, ahead: plan.ahead };
    }
    // One connection for the lock and the work: when it is lost, both are, and nobody can come between.
    await takeMigrationLock(client, options.lockTimeoutMs ?? 3_600_000, log);
    options.onLocked?.();
    const plan = await planFor(client, migrations, log);
    const applied = await applyPending(client, plan.pending, options.appliedBy ?? (await roleAtHost(client)), (migration) => {
      log(`Applied ${migration.name}: ${migration.statements} statement${migration.statements === 1 ? '' : 's'} in ${migration.durationMs} ms.`);
      options.onApplied?.(migration);
    });
    return { applied, alreadyApplied: namesWithout(migrations, plan.pending.map(({ migration }) => migration)), pending: [], ahead: plan.ahead };
  } finally {
    await client.end().catch(() => {});
  }
}

async function applyPending(client: pg.Client, pending: readonly PendingMigration[], by: string, onApplied: (migration: AppliedMigration) => void): Promise<AppliedMigration[]> {
  if (pending.length > 0) {
    await refuseReadOnly(client);
    await createHistory(client).catch(explainRefusal);
  }
  const applied: AppliedMigration[] = [];
  for (const next of pending) {
    const result = await applyMigration(client, next, by);
    onApplied(result);
    applied.push(result);
  }
  return applied;
}

async function planFor(client: pg.Client, migrations: readonly MigrationFile[], log: (line: string) => void): Promise<Plan> {
  const history = await readHistory(client);
  const pending = findPending(migrations, history);
  if (history.length === 0) await refuseEncoding(client);
  await refuseToMakeWorse(client, pending, history);
  const ahead = findAhead(migrations, history).map(({ name }) => name);
  if (ahead.length > 0) log(`The database is ahead of this version by ${ahead.join(', ')}, which a later one applied: there is nothing to apply, and nothing is changed.`);
  return { pending, ahead };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'outrider migrate',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // A connection lost between two statements is reported by the next one.
  client.on('error', () => {});
  try {
    await client.connect();
    await requireOwnSession(client);
    await prepareSession(client, settings);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    if (error instanceof MigrationError) throw error;
    const { host, pathname } = new URL(url);
    const reason = (error as Error).message || (error as NodeJS.ErrnoException).code;
    throw new MigrationError(`The database ${pathname.slice(1)} at ${host} cannot be used (${reason}): check that PostgreSQL runs and DATABASE_URL is right.`, { cause: error });
  }
}

function explainRefusal(error: Error): never {
  throw new MigrationError(
    `This role may not make the history of migrations (${error.message}): set DATABASE_OWNER_URL to the role that owns the schema, or grant this one CREATE on it.`,
    { cause: error },
  );
}

async function roleAtHost(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ role: string }>('select session_user::text as role');
  return `${rows[0]?.role}@${hostname()}`;
}

function namesWithout(migrations: readonly MigrationFile[], excluded: readonly MigrationFile[]): string[] {
  return migrations.filter((migration) => !excluded.includes(migration)).map(({ name }) => name);
}
