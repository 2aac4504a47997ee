import { MigrationError } from './errors.ts';
import type { HistoryRow } from './history.ts';
import type { MigrationFile } from './migrations.ts';

export interface PendingMigration {
  migration: MigrationFile;
  /** Statements that an interrupted run has applied already. */
  done: number;
  /** The history says that a run of it began. */
  started: boolean;
}

const show = 'run "outrider schema history" to see it';
const mend = 'run "outrider schema history --repair"';

/**
 * What is still to be applied, in order; nothing where a later version has migrated after all of ours. Throws when the
 * history contradicts the migrations of this version, because going on from a wrong assumption is worse than not going on.
 */
export function findPending(migrations: readonly MigrationFile[], history: readonly HistoryRow[]): PendingMigration[] {
  refuseMalformed(history);
  refuseContradictions(migrations, history);
  const rows = new Map(history.map((row) => [row.name, row]));
  const pending = migrations.filter(({ name }) => !isFinished(rows.get(name)));
  const lastApplied = migrations.findLastIndex(({ name }) => rows.has(name));
  const late = pending.filter((migration) => migrations.indexOf(migration) < lastApplied);
  const ahead = findAhead(migrations, history);
  if (pending.length > 0 && ahead.length > 0) {
    throw new MigrationError(`${names(pending)} stopped half way, and a later version has applied ${names(ahead)} since: run "outrider migrate" of that version; ${show}.`);
  }
  if (late.length > 0) {
    throw new MigrationError(
      `${names(late)} would come after ${migrations[lastApplied]?.name}, which is applied already: give it a number after the last one, or ${mend}, which looks at what is really there.`,
    );
  }
  return pending.map((migration) => ({ migration, done: rows.get(migration.name)?.statements_applied ?? 0, started: rows.has(migration.name) }));
}

/** What a later version of Outrider applied after all of ours, in order. */
export function findAhead(migrations: readonly MigrationFile[], history: readonly HistoryRow[]): HistoryRow[] {
  return history.filter(({ name }) => migrations.every((known) => known.name < name));
}

function isFinished(row: HistoryRow | undefined): boolean {
  return row !== undefined && row.finished && row.statements_applied >= row.statement_count;
}

/** What a table without its constraints lets in. */
function refuseMalformed(history: readonly HistoryRow[]): void {
  const nameless = history.filter(({ name, checksum }) => typeof name !== 'string' || name.trim() === '' || typeof checksum !== 'string').length;
  if (nameless > 0) throw new MigrationError(`The migration history is malformed (${nameless} row${nameless === 1 ? '' : 's'} without a name or a checksum): ${mend}.`);
  const impossible = history.filter(({ statements_applied: applied, statement_count: count }) => !(applied >= 0 && applied <= count));
  if (impossible.length > 0) throw new MigrationError(`The migration history is malformed (impossible counters of ${names(impossible)}): ${mend}.`);
}

function refuseContradictions(migrations: readonly MigrationFile[], history: readonly HistoryRow[]): void {
  const twice = history.filter((row, index) => history.findIndex(({ name }) => name === row.name) !== index);
  if (twice.length > 0) throw new MigrationError(`The history holds ${names(twice)} more than once: ${mend}.`);

  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  refuseFork(migrations, history);
  const changed = history.filter(({ name, checksum }) => known.has(name) && known.get(name)?.checksum !== checksum);
  if (changed.length > 0) {
    throw new MigrationError(`${names(changed)} was changed after it was applied: restore its text and write a new migration instead, or ${mend}.`);
  }
}

/** What later versions applied on top of all of ours is no contradiction: an older program after a rollback. */
function refuseFork(migrations: readonly MigrationFile[], history: readonly HistoryRow[]): void {
  const unknown = history.filter(({ name }) => !migrations.some((known) => known.name === name));
  const lacking = migrations.filter(({ name }) => !history.some((row) => row.name === name));
  if (unknown.length === 0 || (lacking.length === 0 && unknown.length === findAhead(migrations, history).length)) return;
  throw new MigrationError(
    `Two lines of migrations met in this database: it has ${names(unknown)}, which this version does not know${lacking.length > 0 ? `, and lacks ${names(lacking)}` : ''}. Run a version that has them all; ${show}.`,
  );
}

function names(list: readonly { name: string }[]): string {
  return [...new Set(list.map(({ name }) => name))].join(', ');
}
