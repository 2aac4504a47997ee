import { Client, escapeIdentifier } from 'pg';
import type { SchemaHealthMonitor, SchemaHealthOptions } from '../monitor.ts';
import type { SchemaDrift, SchemaHealthReport } from '../report.ts';

export interface RecordDriftsOptions {
  /** the role that serves; it may write to schema_drifts */
  url: string;
  health: Pick<SchemaHealthMonitor, 'latest' | 'onChange'>;
  log: SchemaHealthOptions['log'];
}

/**
 * Writes down since when each difference has been there, so that a restart and every other process know, and what ended
 * when. Where that fails (a standby, no right, no table) it says so once, and the detector goes by its own memory. Answers how to stop.
 */
export function recordDrifts({ url, health, log }: RecordDriftsOptions): () => Promise<void> {
  let waiting: SchemaHealthReport | null = null;
  let working: Promise<void> | null = null;
  let isFailing = false;
  /** what a difference was like when it was last seen: once it has ended, no report tells */
  const seen = new Map<string, SchemaDrift>();

  const work = async (): Promise<void> => {
    while (waiting) {
      const report = waiting;
      waiting = null;
      try {
        for (const item of report.drift) seen.set(item.id, item);
        const ended = await record(url, report, seen);
        for (const id of ended) seen.delete(id);
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

/**
 * A connection for a moment only: verdicts change seldom, and the pool may be exhausted just then.
 * @returns ids of the differences that have ended
 */
async function record(url: string, { database, drift, unverified }: SchemaHealthReport, seen: ReadonlyMap<string, SchemaDrift>): Promise<string[]> {
  const client = new Client({ connectionString: url, application_name: 'outrider health record', connectionTimeoutMillis: 3000 });
  client.on('error', () => {});
  const schema = escapeIdentifier(database?.schema ?? 'public');
  const table = `${schema}.schema_drifts`;
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
    if (ended.length > 0) await end(client, schema, ended.map((id) => lastSeen(id, seen.get(id))));
    await client.query('commit');
    return ended;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Another process may do the same just now: the row goes to the past once. What only followed from another is forgotten. */
async function end(client: Client, schema: string, ended: readonly LastSeen[]): Promise<void> {
  await client.query(
    `with ended as (select * from json_to_recordset($1) as ended (id text, "isCause" boolean, effect text, message text, "changedBy" text)),
       gone as (delete from ${schema}.schema_drifts where id in (select id from ended) returning id, since)
     insert into ${schema}.schema_past_drifts (id, since, until, effect, message, changed_by)
     select id, since, greatest(since, clock_timestamp()), effect, message, "changedBy" from gone join ended using (id) where "isCause"
     on conflict do nothing`,
    [JSON.stringify(ended)],
  );
  await client.query(`delete from ${schema}.schema_past_drifts where until < now() - interval '90 days'`);
}

interface LastSeen {
  id: string;
  isCause: boolean;
  effect: string | null;
  message: string | null;
  changedBy: string | null;
}

function lastSeen(id: string, drift: SchemaDrift | undefined): LastSeen {
  // A migration that went on was no drift.
  return { id, isCause: !drift?.causedBy && drift?.kind !== 'MIGRATION_IN_PROGRESS', effect: drift?.effect ?? null, message: drift?.message ?? null, changedBy: drift?.change?.user ?? null };
}
