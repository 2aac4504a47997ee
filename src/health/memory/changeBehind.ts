import type { SchemaChange, SchemaDrift } from '../report.ts';

/** An entry of the DDL journal. */
export interface JournalEntry {
  at: Date;
  user: string;
  applicationName: string | null;
  /** "ALTER TABLE", … */
  command: string;
  /** as PostgreSQL identifies them: "public.jobs", "public.jobs.status", "jobs_pkey on public.jobs" */
  objects: string[];
  statement: string | null;
}

/** An entry with the names that it touched: of its objects, and of the tables of which those are a part ("a policy on public.jobs"). */
export interface Touching extends JournalEntry {
  touched: ReadonlySet<string>;
}

/** What a statement says that does such a thing to a whole table. */
const deeds: Partial<Record<SchemaDrift['kind'], RegExp>> = {
  MISSING_TABLE: /\bdrop\b/i,
  MOVED_TABLE: /\bset\s+schema\b/i,
  RENAMED_TABLE: /\brename\b/i,
  RELATION_KIND: /\b(drop|rename|create)\b/i,
  PERSISTENCE: /\b(un)?logged\b/i,
  OWNER: /\b(owner|reassign)\b/i,
  ROW_SECURITY: /\b(row\s+level\s+security|policy)\b/i,
  PRIVILEGE: /\b(grant|revoke)\b/i,
  TRIGGER: /\btrigger\b/i,
  FOREIGN_KEY: /\btrigger\b/i,
  PRIMARY_KEY: /\bprimary\s+key\b/i,
  SEARCH_PATH: /\b(search_path|create)\b/i,
};

/** They change nothing that is judged. */
const harmless = /^(COMMENT|SECURITY LABEL|REFRESH MATERIALIZED VIEW|REINDEX)$/;

/** What they change belongs to no table. */
const standsAlone = /^(ALTER|CREATE|DROP) (TYPE|DOMAIN|FUNCTION|PROCEDURE|ROUTINE|EXTENSION|SCHEMA|SEQUENCE|COLLATION|VIEW|MATERIALIZED VIEW)$/;

/** The names by which the journal may know what a difference is about. */
export function wordsOf({ table, column, object, actual, kind }: SchemaDrift): string[] {
  const newName = kind.startsWith('RENAMED_') ? actual : null;
  const names = [table?.split('.').at(-1), table?.includes('.') ? table.split('.')[0] : null, column, object?.replace(/\(.*$/, '').split('.').at(-1), newName];
  return names.filter((name): name is string => typeof name === 'string' && name !== '');
}

/**
 * The newest entry that is about just this difference: it names the part, or does to the table what the kind says. An
 * entry that only touched the table, by a statement which does not show what it did, is taken when nothing is surer.
 *
 * @param journal newest first
 * @param since when the difference was first seen
 * @param mainSchema in which tables without a schema are
 */
export function changeBehind(drift: SchemaDrift, journal: readonly Touching[], since: Date, mainSchema: string): SchemaChange | null {
  const candidates = journal.filter(({ command }) => !harmless.test(command));
  const entry = candidates.find((candidate) => isAbout(drift, candidate, mainSchema)) ?? candidates.find((candidate) => candidate.at <= since && mayBeAbout(drift, candidate, mainSchema));
  if (!entry) return null;
  const { at, user, applicationName, statement } = entry;
  return { at, user, applicationName, statement };
}

function isAbout(drift: SchemaDrift, entry: Touching, mainSchema: string): boolean {
  const { table, column, object, kind } = drift;
  const { touched } = entry;
  const deed = deeds[kind];
  if (kind === 'PRIVILEGE') return /^(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES)$/.test(entry.command) && wordsOf(drift).concat('all').some((word) => says(entry, word));
  if (partsOf(drift, mainSchema).some((name) => touched.has(name)) || ownsFunction(touched, object, mainSchema)) {
    return column !== null || object !== null || deed === undefined || matches(entry, deed);
  }
  // What was renamed or moved is known by its new name, and by the old one in the statement only.
  if (table === null) return wordsOf(drift).some((word) => says(entry, word)) && standsAlone.test(entry.command);
  if (!placesOf(drift, mainSchema).some((name) => touched.has(name))) return false;
  if (column === null && object === null) return deed === undefined || matches(entry, deed);
  return [column, object, kind === 'RENAMED_COLUMN' ? drift.actual : null].some((word) => word !== null && says(entry, word)) || (deed !== undefined && matches(entry, deed));
}

/** What becomes `touched`. */
export function touchedBy({ objects }: JournalEntry): Set<string> {
  const names = objects.map((name) => name.replaceAll('"', ''));
  return new Set(names.flatMap((name) => [name, ...name.split(' on ').slice(1)]));
}

/** A statement that does not even name the table was put together where we cannot see it. */
function mayBeAbout(drift: SchemaDrift, entry: JournalEntry, mainSchema: string): boolean {
  const { table } = drift;
  if (table === null || drift.kind === 'PRIVILEGE' || says(entry, table.split('.').at(-1) ?? table)) return false;
  return placesOf(drift, mainSchema).some((name) => entry.objects.includes(name));
}

/** The identities that PostgreSQL gives to the very thing. */
function partsOf(drift: SchemaDrift, mainSchema: string): string[] {
  const { table, column, object, kind, actual } = drift;
  const place = table === null ? null : qualified(table, mainSchema);
  const ofColumn = column === null ? [] : [`${place}.${column}`, ...(kind === 'RENAMED_COLUMN' ? [`${place}.${actual}`] : [])];
  const ofObject = object === null ? [] : [`${object} on ${place}`, object, qualified(object, place?.split('.')[0] ?? mainSchema)];
  if (column !== null || object !== null) return [...ofColumn, ...ofObject];
  return placesOf(drift, mainSchema);
}

/** The table under its names, and the schema that may have gone with it. */
function placesOf({ table, kind, actual }: SchemaDrift, mainSchema: string): string[] {
  if (table === null) return [];
  const place = qualified(table, mainSchema);
  const other = (kind === 'RENAMED_TABLE' || kind === 'MOVED_TABLE') && actual !== null ? [qualified(actual, mainSchema)] : [];
  return [place, ...other, ...(kind === 'MISSING_TABLE' ? [place.split('.')[0] ?? ''] : [])];
}

function ownsFunction(touched: ReadonlySet<string>, object: string | null, mainSchema: string): boolean {
  if (!object?.includes('(')) return false;
  const name = qualified(object.replace(/\(.*$/, ''), mainSchema);
  return [...touched].some((part) => part.startsWith(`${name}(`));
}

function qualified(name: string, schema: string): string {
  return name.includes('.') ? name : `${schema}.${name}`;
}

function says({ statement }: JournalEntry, word: string): boolean {
  return statement !== null && new RegExp(`(^|\\W)${word.replace(/\W/g, '\\$&')}(\\W|$)`, 'i').test(statement);
}

function matches({ statement, command }: JournalEntry, deed: RegExp): boolean {
  return deed.test(command) || (statement !== null && deed.test(statement));
}
