import type { Client } from 'pg';
import { version } from '../config/version.ts';
import { MigrationError } from './errors.ts';
import type { MigrationFile } from './migrations.ts';

/** One row of `schema_migrations`. */
export interface HistoryRow {
  name: string;
  checksum: string;
  applied_at: Date;
  applied_by: string;
  duration_ms: number;
  statements_applied: number;
  statement_count: number;
  outrider_version: string;
  /** False while a migration without transaction runs, and when it was interrupted. */
  finished: boolean;
}

const columns: Record<keyof HistoryRow, string> = {
  name: 'text',
  checksum: 'text',
  applied_at: 'timestamp with time zone',
  applied_by: 'text',
  duration_ms: 'integer',
  statements_applied: 'integer',
  statement_count: 'integer',
  outrider_version: 'text',
  finished: 'boolean',
};

export async function createHistory(client: Client): Promise<void> {
  await client.query(historyTableSql());
}

/** Makes the table, unless there is one. */
export function historyTableSql(): string {
  const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type} not null`);
  return `create table if not exists schema_migrations (${definitions.join(', ')}, primary key (name))`;
}

/** Every row in the order of its migration's name; none when there is no table. Throws when the table is another's. */
export async function readHistory(client: Client): Promise<HistoryRow[]> {
  const { rows: found } = await client.query<{ attname: string; type: string }>(
    `select attname, format_type(atttypid, null) as type from pg_attribute
     where attrelid = to_regclass('schema_migrations') and attnum > 0 and not attisdropped`,
  );
  if (found.length === 0) return [];
  const wrong = Object.entries(columns).filter(([name, type]) => !found.some((column) => column.attname === name && column.type === type));
  if (wrong.length > 0) {
    throw new MigrationError(
      `The table schema_migrations is not as Outrider makes it (${wrong.map(([name, type]) => `no column ${name} of type ${type}`).join(', ')}): run "outrider schema history --repair", or --adopt where another tool made it.`,
    );
  }
  const { rows } = await client.query<HistoryRow>(`select ${Object.keys(columns).join(', ')} from schema_migrations order by name collate "C"`);
  return rows;
}

/** Writes how far a migration is, replacing what was written before. */
export async function recordProgress(client: Client, migration: MigrationFile, progress: { applied: number; durationMs: number; by: string }): Promise<void> {
  const { applied, durationMs, by } = progress;
  await client.query(
    `insert into schema_migrations
       (name, checksum, applied_at, applied_by, duration_ms, statements_applied, statement_count, outrider_version, finished)
     values ($1, $2, clock_timestamp(), $3, $4, $5::int, $6::int, $7, $5::int = $6::int)
     on conflict (name) do update set
       applied_at = excluded.applied_at, applied_by = excluded.applied_by, duration_ms = excluded.duration_ms,
       statements_applied = excluded.statements_applied, outrider_version = excluded.outrider_version, finished = excluded.finished`,
    [migration.name, migration.checksum, by, durationMs, applied, migration.statements.length, version],
  );
}
