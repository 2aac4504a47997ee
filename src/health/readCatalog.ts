import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import type { Catalog } from './catalog.ts';
import type { HistoryRecord, LiveCatalog } from './liveCatalog.ts';
import { canonicalView } from './canonicalView.ts';
import { catalogQuery, type CatalogScope } from './catalogQuery.ts';
import type { ExpectedCatalog } from './expectedCatalog.ts';
import { fingerprintAfter, fingerprintQuery, keepSnapshot } from './fingerprintQuery.ts';
import { readOnly, type ReadOnlyOptions } from './readOnly.ts';
import type { Numbered } from './sql/counters.ts';

/** The table that says which migrations were applied. */
export const HISTORY_TABLE = 'schema_migrations';

/** A wait for a lock inside a check is cut short: what is locked is reported, not awaited. */
const LOCK_TIMEOUT_MS = 40;

/** To plan these long statements over small catalogs would take as long as to run them: their joins are written in a good order. */
const planning = `select set_config(name, value, true) from (values ('join_collapse_limit', '1'), ('from_collapse_limit', '1'),
  ('enable_mergejoin', 'off'), ('enable_memoize', 'off'), ('max_parallel_workers_per_gather', '0')) s (name, value)`;

/** How often a schema that changes while it is read is read again. */
const ATTEMPTS = 6;

/** What is read, and what of it is ours. */
export interface ReadScope extends CatalogScope {
  numbered: readonly Numbered[];
}

export interface ReadOptions extends ReadScope {
  statementTimeoutMs: number;
}

/** The rows of the history, or why they could not be read. */
export type HistoryReading = { rows: HistoryRecord[] } | { missing: true } | { error: string; locked: boolean };

export interface Reading {
  catalog: LiveCatalog;
  /** of the schema and of who holds or builds something in it, to compare with `readState` */
  state: string;
  history: HistoryReading;
  /** of a round trip to the server, without its work */
  latencyMs: number;
}

/** What has to be read to judge a database by this catalog. */
export function scopeOf({ schemas, relations, sequences, extensions }: ExpectedCatalog): ReadScope {
  const main = schemas[0] ?? 'public';
  const numbered = Object.entries(relations).flatMap(([name, { columns }]) => {
    const schema = schemas.slice(1).find((other) => name.startsWith(`${other}.`));
    const relation = schema === undefined ? name : name.slice(schema.length + 1);
    return Object.keys(columns).filter((column) => columns[column]?.sequence != null).map((column) => ({ schema: schema ?? main, relation, column }));
  });
  return { schemas, relations: Object.keys(relations), sequences: Object.keys(sequences), extensions: Object.fromEntries(Object.entries(extensions).map(([name, { version }]) => [name, version])), numbered };
}

/** The answer of one cheap statement: two that are equal mean an equal verdict. */
export async function readState(client: ClientBase, options: ReadOptions, history: boolean): Promise<string> {
  const statements = [fingerprintQuery(options), ...(history ? [historyQuery(options)] : [])];
  const [, ...results] = await readOnly(client, limits(options), planning, ...statements);
  const probe = results[0]?.rows[0];
  return stateOf(combine(probe, history ? results[1]?.rows[0]?.history : null), probe?.circumstances);
}

/**
 * The live catalog and the history of one moment, in one round trip where the history is readable. What is deparsed is
 * newer than the rows beside it when a change commits in between, so it counts only if the fingerprints before and after
 * are the same; else all of it is read again.
 */
export async function readLive(client: ClientBase, options: ReadOptions): Promise<Reading> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const reading = await readOnce(client, options, attempt < ATTEMPTS);
    if (reading) return reading;
  }
  throw new Error('the schema changes faster than it can be read');
}

/** Null when something changed in the midst of it. */
async function readOnce(client: ClientBase, options: ReadOptions, mayRepeat: boolean): Promise<Reading | null> {
  try {
    return await read(client, options, true);
  } catch (error) {
    const refusal = refusalIn(error);
    const rest = await read(client, options, false).catch((other: unknown) => {
      if (mayRepeat && raced.has(refusalIn(other).code)) return null;
      throw other;
    });
    if (rest === null) return null;
    const history = historyAfter(refusal, rest.catalog);
    return history === null && mayRepeat ? null : { ...rest, history: history ?? { error: refusal.message, locked: false } };
  }
}

/** The catalog with the definitions that can make its objects again. */
export async function readWithDefinitions(client: ClientBase, schemas: readonly string[]): Promise<Catalog> {
  const options = { schema: schemas[0] ?? 'public', statementTimeoutMs: 60_000, lockTimeoutMs: 10_000, rowSecurity: true };
  const [answer] = await readOnly(client, options, catalogQuery({ schemas, relations: null, sequences: null, extensions: {} }, true));
  const { relations, enums, functions, sequences, domains, extensions } = parse(answer?.rows[0]?.catalog);
  return { relations, enums, functions, sequences, domains, extensions };
}

async function read(client: ClientBase, options: ReadOptions, withHistory: boolean): Promise<Reading | null> {
  // The history first: when it cannot be read nothing else was read in vain.
  const history = withHistory ? [historyQuery(options)] : [];
  const statements = [planning, keepSnapshot, fingerprintQuery(options), ...history, searchPath(options.schemas), catalogQuery(options, false), fingerprintAfter(options)];
  const asked = performance.now();
  const results = await readOnly(client, limits(options), ...statements);
  const elapsed = performance.now() - asked;
  const [before, main, after] = [results[2]?.rows[0], results.at(-2)?.rows[0], results.at(-1)?.rows[0]];
  if (after.own !== null && after.own !== before.own) return null;
  const rows = (withHistory ? results[3]?.rows[0]?.history : []) as HistoryRecord[];
  const catalog = withoutMainSchema(parse(main.catalog));
  catalog.hidden = before.hidden;
  catalog.counters = before.counters;
  catalog.fingerprint = combine(before, withHistory ? rows : null);
  return {
    catalog,
    state: stateOf(catalog.fingerprint, before.circumstances),
    history: withHistory ? { rows } : { missing: true },
    latencyMs: Math.max(0, elapsed - Number(after.server_ms)),
  };
}

function parse(text: string): LiveCatalog {
  const catalog = JSON.parse(text) as LiveCatalog;
  for (const { view } of Object.values(catalog.relations)) if (view) view.definition = canonicalView(view.definition);
  return catalog;
}

/** A role that may not use the main schema does not have it in its path, and gets every name of it qualified. */
function withoutMainSchema(catalog: LiveCatalog): LiveCatalog {
  const { closed, relations, functions, database } = catalog;
  if (!closed.includes(database.schema)) return catalog;
  const unqualified = <T>(part: T) => JSON.parse(JSON.stringify(part).replaceAll(`${database.schema}.`, '')) as T;
  return { ...catalog, relations: unqualified(relations), functions: unqualified(functions) };
}

function historyQuery({ schemas }: ReadOptions): string {
  const table = `${escapeIdentifier(schemas[0] ?? 'public')}.${escapeIdentifier(HISTORY_TABLE)}`;
  return `select coalesce(json_agg(to_jsonb(m) order by to_jsonb(m) ->> 'name' collate "C"), '[]') as history from ${table} m`;
}

/** A history whose rows are hidden is refused, not empty. */
function limits({ statementTimeoutMs }: ReadOptions): ReadOnlyOptions {
  return { schema: null, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS, rowSecurity: false };
}

function searchPath(schemas: readonly string[]): string {
  return `set local search_path = ${escapeIdentifier(schemas[0] ?? 'public')}`;
}

function combine(probe: { own?: string; others?: string } | undefined, history: unknown): string {
  return createHash('sha256').update(`${probe?.own} ${probe?.others}\n${JSON.stringify(history)}`).digest('hex').slice(0, 32);
}

function stateOf(fingerprint: string, circumstances: unknown): string {
  return `${fingerprint} ${String(circumstances)}`;
}

interface Refusal {
  code: string;
  message: string;
}

/** What PostgreSQL says when something is dropped, renamed or locked while it is being read. */
const raced = new Set(['42P01', '42703', '42704', '42883', '3F000', '55P03', 'XX000']);

/** @throws what is no answer of a statement, and what says that time ran out */
function refusalIn(error: unknown): Refusal {
  const { code, message, severity } = error as { code?: string; message: string; severity?: string };
  if (severity !== 'ERROR' || code === undefined || code === '57014') throw error;
  return { code, message };
}

/** What a refusal says about the history, in the light of the catalog; null when it was a race, or not the history's. */
function historyAfter({ code, message }: Refusal, { relations, locked }: LiveCatalog): HistoryReading | null {
  if (!relations[HISTORY_TABLE]) return { missing: true };
  if (locked.includes(HISTORY_TABLE)) return { error: `${HISTORY_TABLE} is locked by another session`, locked: true };
  return raced.has(code) ? null : { error: message, locked: false };
}
