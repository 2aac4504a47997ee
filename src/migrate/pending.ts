import { MigrationError } from './errors.ts';
import type { HistoryRow } from './history.ts';
import type { MigrationFile } from './migrations.ts';

export interface PendingMigration {
  migration: MigrationFile;
  /** Statements that an interrupted run has applied already. */
  done: number;
}

/**
 * What is still to be applied, in order. Throws when the history contradicts the migrations of this version, because
 * going on from a wrong assumption is worse than not going on.
 */
export function findPending(migrations: readonly MigrationFile[], history: readonly HistoryRow[]): PendingMigration[] {
  refuseContradictions(migrations, history);
  const rows = new Map(history.map((row) => [row.name, row]));
  const pending = migrations.filter(({ name }) => !rows.get(name)?.finished);
  const lastApplied = migrations.findLastIndex(({ name }) => rows.has(name));
  const late = pending.filter((migration) => migrations.indexOf(migration) < lastApplied);
  if (late.length > 0) {
    throw new MigrationError(
      `${names(late)} would come after ${migrations[lastApplied]?.name}, which is applied already: give it a number after the last one, or see \`outrider schema check\`.`,
    );
  }
  return pending.map((migration) => ({ migration, done: rows.get(migration.name)?.statements_applied ?? 0 }));
}

function refuseContradictions(migrations: readonly MigrationFile[], history: readonly HistoryRow[]): void {
  const twice = history.filter((row, index) => history.findIndex(({ name }) => name === row.name) !== index);
  if (twice.length > 0) throw new MigrationError(`The history holds ${names(twice)} more than once: see \`outrider schema check\`.`);

  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const unknown = history.filter(({ name }) => !known.has(name));
  if (unknown.length > 0) {
    throw new MigrationError(`The database is ahead of this version, which does not know ${names(unknown)}: run the version of Outrider that applied it, or a later one.`);
  }
  const changed = history.filter(({ name, checksum }) => known.get(name)?.checksum !== checksum);
  if (changed.length > 0) {
    throw new MigrationError(`${names(changed)} was changed after it was applied: restore its text and write a new migration instead, or see \`outrider schema check\`.`);
  }
}

function names(list: readonly { name: string }[]): string {
  return [...new Set(list.map(({ name }) => name))].join(', ');
}
