import { Client, escapeIdentifier } from 'pg';
import type { SchemaHealthMonitor, SchemaHealthOptions } from '../monitor.ts';
import type { SchemaHealthReport } from '../report.ts';

export interface RecordDriftsOptions {
  /** the role that serves; it may write to schema_drifts */
  url: string;
  health: Pick<SchemaHealthMonitor, 'latest' | 'onChange'>;
  log: SchemaHealthOptions['log'];
}

/**
 * Writes down since when each difference has been there, so that a restart and every other process know. Where that
 * fails (a standby, no right, no table) it says so once, and the detector goes by its own memory. Answers how to stop.
 */
export function recordDrifts({ url, health, log }: RecordDriftsOptions): () => Promise<void> {
  let waiting: SchemaHealthReport | null = null;
  let working: Promise<void> | null = null;
  let isFailing = false;

  const work = async (): Promise<void> => {
    while (waiting) {
      const report = waiting;
      waiting = null;
      try {
        await record(url, report);
        isFailing = false;
      } catch (error) {
        if (!isFailing) log.warn({ err: error }, 'Since when the schema differs cannot be written down; after a restart it will look new.');
        isFailing = true;
      }
    }
    working = null;
  };
  const take = (report: SchemaHealthReport): void => {
    if (report.database === null) return;
    waiting = report;
    working ??= work();
  };
  const leave = health.onChange(take);
  if (health.latest) take(health.latest);
  return async () => {
    leave();
    await working;
  };
}

/** A connection for a moment only: verdicts change seldom, and the pool may be exhausted just then. */
async function record(url: string, { database, drift, unverified }: SchemaHealthReport): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'outrider health record', connectionTimeoutMillis: 3000 });
  client.on('error', () => {});
  const table = `${escapeIdentifier(database?.schema ?? 'public')}.schema_drifts`;
  try {
    await client.connect();
    await client.query(`begin; set local lock_timeout = 1000; set local statement_timeout = 3000`);
    const { rows } = await client.query<{ id: string }>(`select id from ${table}`);
    const known = new Set(rows.map(({ id }) => id));
    const begun = drift.filter(({ id }) => !known.delete(id));
    // What could not be read may still differ.
    const ended = unverified.length === 0 ? [...known] : [];
    if (begun.length > 0) {
      await client.query(`insert into ${table} (id, since) select * from unnest($1::text[], $2::timestamptz[]) on conflict (id) do nothing`, [
        begun.map(({ id }) => id),
        begun.map(({ since }) => since ?? new Date()),
      ]);
    }
    if (ended.length > 0) await client.query(`delete from ${table} where id = any($1::text[])`, [ended]);
    await client.query('commit');
  } finally {
    await client.end().catch(() => {});
  }
}
