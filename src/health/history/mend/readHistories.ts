import { createHash } from 'node:crypto';
import { escapeIdentifier, type Client } from 'pg';
import type { HistoryRecord } from '../../liveCatalog.ts';
import { compareCatalogs } from '../../compare/compareCatalogs.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import type { Finding } from '../../finding.ts';
import { HISTORY_TABLE, readLive, scopeOf, type Reading } from '../../readCatalog.ts';
import { effectsOf, type Effect } from '../effects.ts';

/** All that mending the history and adopting a database decide by, of one moment. */
export interface Histories {
  expected: ExpectedCatalog;
  reading: Reading;
  structure: Finding[];
  effects: ReadonlyMap<string, Effect>;
  /** histories of our form in other schemas */
  others: { schema: string; rows: HistoryRecord[] }[];
  /** roles, quoted, that may read the history, or our tables where there is none */
  readers: string[];
  /** changes with the schema and with every row that was read */
  state: string;
}

const TIMEOUT_MS = 30_000;

export async function readHistories(client: Client, expected: ExpectedCatalog): Promise<Histories> {
  const reading = await readLive(client, { ...scopeOf(expected), statementTimeoutMs: TIMEOUT_MS });
  // What is only spelled differently may mean the same; what is not there is not.
  const structure = compareCatalogs(expected, reading.catalog).filter(({ spelling, lost }) => spelling === undefined || lost !== undefined);
  const others = [];
  for (const schema of schemasOfOthers(expected, reading)) others.push({ schema, rows: await rowsOf(client, schema) });
  return {
    expected,
    reading,
    structure,
    effects: effectsOf(expected, reading.catalog, structure),
    others,
    readers: await readersOf(client, reading),
    state: await stateOf(client, expected, reading),
  };
}

/** Changes with the schema and with every row of the histories that a reading knows of. */
export async function stateOf(client: Client, { schemas }: ExpectedCatalog, { catalog }: Reading): Promise<string> {
  const { rows } = await client.query<{ parts: string }>(
    `with n as (select oid from pg_namespace where nspname = any ($1)), c as (select oid, xmin from pg_class where relnamespace in (select oid from n))
     select concat_ws(' ', (select sum(hashtextextended(concat_ws(' ', oid, xmin), 0)::numeric) from c),
       (select sum(hashtextextended(concat_ws(' ', attrelid, attnum, xmin), 0)::numeric) from pg_attribute where attrelid in (select oid from c)),
       (select sum(hashtextextended(concat_ws(' ', oid, xmin), 0)::numeric) from pg_constraint where connamespace in (select oid from n)),
       (select sum(hashtextextended(concat_ws(' ', oid, xmin), 0)::numeric) from pg_type where typnamespace in (select oid from n)),
       (select sum(hashtextextended(concat_ws(' ', oid, xmin), 0)::numeric) from pg_proc where pronamespace in (select oid from n)),
       (select sum(hashtextextended(concat_ws(' ', oid, xmin), 0)::numeric) from pg_enum)) as parts`,
    [schemas],
  );
  const own = catalog.relations[HISTORY_TABLE] ? await rowsOf(client, catalog.database.schema) : null;
  const others = [];
  for (const schema of Object.keys(catalog.histories).sort()) others.push(await rowsOf(client, schema));
  return createHash('sha256').update(JSON.stringify([rows[0]?.parts, own, others])).digest('hex').slice(0, 32);
}

function schemasOfOthers({ relations }: ExpectedCatalog, { catalog }: Reading): string[] {
  const columns = Object.keys(relations[HISTORY_TABLE]?.columns ?? {});
  return Object.keys(catalog.histories).filter((schema) => columns.every((column) => catalog.histories[schema]?.includes(column))).sort();
}

async function rowsOf(client: Client, schema: string): Promise<HistoryRecord[]> {
  const table = `${escapeIdentifier(schema)}.${escapeIdentifier(HISTORY_TABLE)}`;
  const { rows } = await client.query<{ row: HistoryRecord }>(`select to_jsonb(m) as row from ${table} m order by to_jsonb(m)::text collate "C"`);
  return rows.map(({ row }) => row);
}

async function readersOf(client: Client, { catalog }: Reading): Promise<string[]> {
  const { schema } = catalog.database;
  const table = catalog.relations[HISTORY_TABLE] ? HISTORY_TABLE : 'jobs';
  const { rows } = await client.query<{ role: string }>(
    `select distinct case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as role
     from pg_class c cross join aclexplode(c.relacl) a
     where c.relnamespace = (select oid from pg_namespace where nspname = $1) and c.relname = $2 and a.privilege_type = 'SELECT' and a.grantee <> c.relowner
     order by 1`,
    [schema, table],
  );
  return rows.map(({ role }) => role);
}
