import type { HistoryRecord } from '../catalog.ts';
import type { ExpectedMigration } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE, type HistoryReading } from '../readCatalog.ts';
import type { MigrationHealth, MigrationHistory, MigrationState } from '../report.ts';

export interface HistoryVerdict {
  /** null where it could not be read */
  history: MigrationHistory | null;
  findings: Finding[];
}

interface Circumstances {
  /** some table of ours is there, so migrations have run */
  hasTables: boolean;
  /** another session holds the migration lock */
  migrating: boolean;
}

/** What was applied against what this build knows. Never guesses: a history that cannot be read is not "all pending". */
export function compareHistory(expected: readonly ExpectedMigration[], reading: HistoryReading, circumstances: Circumstances): HistoryVerdict {
  if ('error' in reading) return { history: null, findings: reading.locked ? [] : [unreadable(reading.error)] };
  const rows = 'rows' in reading ? reading.rows : [];
  const malformed = rows.filter((row) => typeof row['name'] !== 'string' || typeof row['checksum'] !== 'string');
  if (malformed.length > 0) return { history: null, findings: [corrupt(malformed.length)] };

  const lost = rows.length === 0 && circumstances.hasTables && !circumstances.migrating;
  const migrations = [...expected.flatMap((migration, index) => describe(expected, index, migration, rows)), ...unknown(expected, rows)];
  const findings = lost ? [historyLost('missing' in reading)] : migrations.flatMap((migration) => findingOf(migration, circumstances.migrating));
  return { history: summarise(expected, migrations), findings: distinct(findings) };
}

function describe(expected: readonly ExpectedMigration[], index: number, migration: ExpectedMigration, rows: readonly HistoryRecord[]): MigrationHealth[] {
  const own = rows.filter((row) => row['name'] === migration.name);
  if (own.length === 0) {
    const later = new Set(expected.slice(index + 1).map(({ name }) => name));
    const overtaken = rows.some((row) => later.has(row['name'] as string));
    return [health(migration.name, overtaken ? 'OUT_OF_ORDER' : 'PENDING', {}, migration.statements)];
  }
  return own.map((row) => health(migration.name, stateOf(row, own.length, migration), row, migration.statements));
}

function stateOf(row: HistoryRecord, times: number, { checksum }: ExpectedMigration): MigrationState {
  if (times > 1) return 'DUPLICATE';
  if (row['finished'] === false) return 'HALF_APPLIED';
  return row['checksum'] === checksum ? 'APPLIED' : 'CHANGED';
}

function unknown(expected: readonly ExpectedMigration[], rows: readonly HistoryRecord[]): MigrationHealth[] {
  const known = new Set(expected.map(({ name }) => name));
  return rows.filter((row) => !known.has(row['name'] as string)).map((row) => health(row['name'] as string, 'UNKNOWN', row, null));
}

function health(name: string, state: MigrationState, row: HistoryRecord, statements: number | null): MigrationHealth {
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  return {
    name,
    state,
    appliedAt: typeof row['applied_at'] === 'string' ? new Date(row['applied_at']) : null,
    appliedBy: typeof row['applied_by'] === 'string' ? row['applied_by'] : null,
    durationMs: number(row['duration_ms']),
    statementsApplied: number(row['statements_applied']),
    statementCount: statements ?? number(row['statement_count']),
  };
}

function summarise(expected: readonly ExpectedMigration[], migrations: MigrationHealth[]): MigrationHistory {
  const applied = migrations.filter(({ state }) => state !== 'PENDING' && state !== 'OUT_OF_ORDER').map(({ name }) => name);
  return {
    head: applied.sort().at(-1) ?? null,
    expectedHead: expected.at(-1)?.name ?? '',
    upToDate: migrations.every(({ state }) => state === 'APPLIED'),
    migrations,
  };
}

function findingOf({ name, state, statementsApplied, statementCount }: MigrationHealth, migrating: boolean): Finding[] {
  const finding = (kind: Finding['kind'], message: string): Finding[] => [{ kind, object: name, effect: 'LATENT', message }];
  switch (state) {
    case 'APPLIED':
      return [];
    case 'PENDING':
    case 'HALF_APPLIED':
      if (migrating) return [{ kind: 'MIGRATION_IN_PROGRESS', object: name, effect: 'NONE', message: `Another process is migrating; ${name} is not finished yet.` }];
      return state === 'PENDING'
        ? finding('MIGRATION_PENDING', `The migration ${name} was not applied yet: run "outrider migrate".`)
        : finding('MIGRATION_HALF_APPLIED', `The migration ${name} stopped after statement ${statementsApplied} of ${statementCount}: run "outrider migrate", which goes on from there.`);
    case 'OUT_OF_ORDER':
      return finding('MIGRATION_OUT_OF_ORDER', `The migration ${name} was not applied although a later one was; "outrider migrate" refuses to go on.`);
    case 'CHANGED':
      return finding('MIGRATION_CHANGED', `The migration ${name} was changed after it was applied: what it makes now may differ from what is there.`);
    case 'DUPLICATE':
      return finding('MIGRATION_DUPLICATE', `The history holds the migration ${name} more than once; "outrider migrate" refuses to go on.`);
    case 'UNKNOWN':
      return finding('MIGRATION_UNKNOWN', `The migration ${name} is not known to this version: the database is ahead of it. Run the version that applied it, or a later one.`);
  }
}

function historyLost(isMissing: boolean): Finding {
  const message = `${isMissing ? `The table ${HISTORY_TABLE} is missing` : `The table ${HISTORY_TABLE} is empty`} although our tables are there: the next "outrider migrate" would start from the beginning and fail.`;
  return { kind: isMissing ? 'HISTORY_MISSING' : 'HISTORY_EMPTY', table: HISTORY_TABLE, effect: 'LATENT', message, expected: 'one row for each migration' };
}

function unreadable(error: string): Finding {
  return { kind: 'HISTORY_UNREADABLE', table: HISTORY_TABLE, effect: 'LATENT', sqlState: '42501', actual: error, message: `The migration history cannot be read (${error}): whether migrations are pending is not known.` };
}

function corrupt(rows: number): Finding {
  return { kind: 'HISTORY_CORRUPT', table: HISTORY_TABLE, effect: 'LATENT', message: `${rows} rows of ${HISTORY_TABLE} have no name or no checksum: "outrider migrate" refuses to go on.` };
}

/** the rows of a doubled migration are one difference */
function distinct(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.kind} ${finding.object}`, finding])).values()];
}
