import type { HistoryRecord } from '../liveCatalog.ts';
import type { ExpectedMigration } from '../expectedCatalog.ts';
import type { MigrationHealth, MigrationHistory, MigrationState } from '../report.ts';
import { dateOf } from './malformed.ts';

/** What this build knows in its order, one entry a row of the history, then what it does not know. */
export function describeHistory(expected: readonly ExpectedMigration[], rows: readonly HistoryRecord[]): MigrationHistory {
  const known = new Set(expected.map(({ name }) => name));
  const unknown = rows.filter((row) => !known.has(nameOf(row)));
  const migrations = [
    ...expected.flatMap((migration, index) => describe(expected, index, migration, rows)),
    ...unknown.map((row) => health(nameOf(row), 'UNKNOWN', row, null)),
  ];
  const recorded = migrations.filter(({ state }) => state !== 'PENDING' && state !== 'OUT_OF_ORDER').map(({ name }) => name);
  return {
    head: recorded.sort().at(-1) ?? null,
    expectedHead: expected.at(-1)?.name ?? '',
    upToDate: migrations.every(({ state }) => state === 'APPLIED'),
    migrations,
  };
}

/** Unknown migrations beside ours: they come before our last one, or this build has some that the database lacks. */
export function isForked({ expectedHead, migrations }: MigrationHistory): boolean {
  const unknown = migrations.filter(({ state }) => state === 'UNKNOWN');
  if (unknown.length === 0) return false;
  return unknown.some(({ name }) => name < expectedHead) || migrations.some(({ state }) => state === 'PENDING' || state === 'OUT_OF_ORDER');
}

function describe(expected: readonly ExpectedMigration[], index: number, migration: ExpectedMigration, rows: readonly HistoryRecord[]): MigrationHealth[] {
  const own = rows.filter((row) => nameOf(row) === migration.name);
  if (own.length > 0) return own.map((row) => health(migration.name, stateOf(row, own.length, migration), row, migration.statements));
  const later = new Set(expected.slice(index + 1).map(({ name }) => name));
  const overtaken = rows.some((row) => later.has(nameOf(row)));
  return [health(migration.name, overtaken ? 'OUT_OF_ORDER' : 'PENDING', {}, migration.statements)];
}

function stateOf(row: HistoryRecord, times: number, { checksum }: ExpectedMigration): MigrationState {
  const { finished, statements_applied: applied, statement_count: count } = row;
  if (times > 1) return 'DUPLICATE';
  if (row['checksum'] !== checksum) return 'CHANGED';
  return finished === false || (typeof applied === 'number' && typeof count === 'number' && applied < count) ? 'HALF_APPLIED' : 'APPLIED';
}

function health(name: string, state: MigrationState, row: HistoryRecord, statements: number | null): MigrationHealth {
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  return {
    name,
    state,
    appliedAt: dateOf(row['applied_at']),
    appliedBy: typeof row['applied_by'] === 'string' ? row['applied_by'] : null,
    durationMs: number(row['duration_ms']),
    statementsApplied: number(row['statements_applied']),
    statementCount: statements ?? number(row['statement_count']),
  };
}

function nameOf(row: HistoryRecord): string {
  return row['name'] as string;
}
