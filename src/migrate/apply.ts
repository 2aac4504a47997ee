import type { Client } from 'pg';
import { MigrationError } from './errors.ts';
import { recordProgress } from './history.ts';
import type { PendingMigration } from './pending.ts';

export interface AppliedMigration {
  name: string;
  durationMs: number;
  /** Statements that this run executed; fewer than the migration has when it completes an interrupted run. */
  statements: number;
}

/**
 * Applies one migration and records it.
 *
 * Transactional: all statements and the record are one transaction, so an interruption leaves nothing. Otherwise each
 * statement is recorded after it; one that was applied but not recorded yet runs again, which is why the statements of
 * such migrations must be repeatable (`if not exists`, `create or replace`).
 */
export async function applyMigration(client: Client, pending: PendingMigration, by: string): Promise<AppliedMigration> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  if (pending.migration.transactional) await applyInTransaction(client, pending, by, elapsed);
  else await applyStepwise(client, pending, by, elapsed);
  return { name: pending.migration.name, durationMs: elapsed(), statements: pending.migration.statements.length - pending.done };
}

async function applyInTransaction(client: Client, pending: PendingMigration, by: string, elapsed: () => number): Promise<void> {
  const { migration, done } = pending;
  await client.query('begin');
  try {
    // Whoever waits for a table lock makes everybody else wait behind it: rather fail and be run again.
    await client.query(`set local lock_timeout = '30s'`);
    for (let index = done; index < migration.statements.length; index++) await execute(client, pending, index);
    await recordProgress(client, migration, { applied: migration.statements.length, durationMs: elapsed(), by });
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

async function applyStepwise(client: Client, pending: PendingMigration, by: string, elapsed: () => number): Promise<void> {
  const { migration, done } = pending;
  await recordProgress(client, migration, { applied: done, durationMs: 0, by });
  for (let index = done; index < migration.statements.length; index++) {
    await execute(client, pending, index);
    await recordProgress(client, migration, { applied: index + 1, durationMs: elapsed(), by });
  }
}

async function execute(client: Client, { migration, done }: PendingMigration, index: number): Promise<void> {
  try {
    await client.query(migration.statements[index] ?? '');
  } catch (error) {
    const stays = migration.transactional ? 'nothing of it stays' : `the first ${index} stay applied`;
    const { code, message: reason } = error as { code?: string; message: string };
    const remedy = code === '42501' ? 'set DATABASE_OWNER_URL to a role that may do it' : 'remove the cause';
    const otherwise = migration.transactional && done > 0 ? ', or run "outrider schema history --repair", which goes by what is really there' : '';
    throw new MigrationError(
      `Migration ${migration.name} failed at statement ${index + 1} of ${migration.statements.length} (${reason}), ${stays}: ${remedy} and run migrate again${otherwise}.`,
      { cause: error },
    );
  }
}
