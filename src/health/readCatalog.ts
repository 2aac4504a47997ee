import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import type { Catalog, HistoryRecord, LiveCatalog } from './catalog.ts';
import { catalogQuery } from './catalogQuery.ts';
import { fingerprintQuery } from './fingerprintQuery.ts';
import { readOnly, type ReadOnlyOptions } from './readOnly.ts';

/** The table that says which migrations were applied. */
export const HISTORY_TABLE = 'schema_migrations';

/** A wait for a lock inside a check is cut short: what is locked is reported, not awaited. */
const LOCK_TIMEOUT_MS = 40;

export interface ReadOptions {
  /** the main schema first */
  schemas: readonly string[];
  /** relations to describe; others are only named. null: all */
  relations: readonly string[] | null;
  statementTimeoutMs: number;
}

/** The rows of the history, or why they could not be read. */
export type HistoryReading = { rows: HistoryRecord[] } | { missing: true } | { error: string; locked: boolean };

export interface Reading {
  catalog: LiveCatalog;
  /** of the schema and of who holds or builds something in it, to compare with `readState` */
  state: string;
  history: HistoryReading;
}

/** The answer of one cheap statement: two that are equal mean an equal verdict. */
export async function readState(client: ClientBase, options: ReadOptions, history: boolean): Promise<string> {
  const statements = [fingerprintQuery(options.schemas), ...(history ? [historyQuery(options)] : [])];
  const results = await readOnly(client, limits(options), ...statements);
  const probe = results[0]?.rows[0];
  return stateOf(combine(probe?.fingerprint, history ? results[1]?.rows[0]?.history : null), probe?.circumstances);
}

/** The live catalog and the history of one moment, in one round trip where the history is readable. */
export async function readLive(client: ClientBase, options: ReadOptions): Promise<Reading> {
  try {
    return await read(client, options, true);
  } catch (error) {
    const { code, message, severity } = error as { code?: string; message: string; severity?: string };
    const reading = severity === 'ERROR' ? readingAfter(code, message) : null;
    if (!reading) throw error;
    const rest = await read(client, options, false);
    // A lock that came while we read was not that of the history: by now it is known whose.
    if (code === '55P03' && !rest.catalog.locked.includes(HISTORY_TABLE)) return await read(client, options, true);
    return { ...rest, history: reading };
  }
}

/** The catalog with the definitions that can make its objects again. */
export async function readWithDefinitions(client: ClientBase, schemas: readonly string[]): Promise<Catalog> {
  const options = { schema: schemas[0] ?? 'public', statementTimeoutMs: 60_000, lockTimeoutMs: 10_000, rowSecurity: true };
  const [answer] = await readOnly(client, options, catalogQuery(schemas, null, true));
  const { relations = {}, enums = {}, functions = {} } = (answer?.rows[0]?.catalog ?? {}) as Partial<LiveCatalog>;
  return { relations, enums, functions };
}

async function read(client: ClientBase, options: ReadOptions, withHistory: boolean): Promise<Reading> {
  const { schemas, relations } = options;
  // The history first: when it cannot be read nothing else was read in vain.
  const statements = [fingerprintQuery(schemas), ...(withHistory ? [historyQuery(options)] : []), searchPath(schemas), catalogQuery(schemas, relations, false)];
  const results = await readOnly(client, limits(options), ...statements);
  const [probe, main, history] = [results[0], results.at(-1), withHistory ? results[1] : undefined];
  const rows = (history?.rows[0]?.history ?? []) as HistoryRecord[];
  const catalog = withoutMainSchema(main?.rows[0]?.catalog as LiveCatalog);
  catalog.hidden = probe?.rows[0]?.hidden as string[];
  catalog.fingerprint = combine(probe?.rows[0]?.fingerprint, withHistory ? rows : null);
  return { catalog, state: stateOf(catalog.fingerprint, probe?.rows[0]?.circumstances), history: withHistory ? { rows } : { missing: true } };
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

function combine(fingerprint: unknown, history: unknown): string {
  return createHash('sha256').update(`${String(fingerprint)}\n${JSON.stringify(history)}`).digest('hex').slice(0, 32);
}

function stateOf(fingerprint: string, circumstances: unknown): string {
  return `${fingerprint} ${String(circumstances)}`;
}

/**
 * What an error of the history's statement says about the history; null where time ran out. When it was another
 * statement's, reading the rest fails for the same reason.
 */
function readingAfter(code: string | undefined, message: string): HistoryReading | null {
  switch (code) {
    case '42P01':
    case '3F000':
      return { missing: true };
    case '42501':
      return { error: message, locked: false };
    case '55P03':
      return { error: `${HISTORY_TABLE} is locked by another session`, locked: true };
    case '57014':
      return null;
    default:
      return { error: message, locked: false };
  }
}
