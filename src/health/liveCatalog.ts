import type { Catalog } from './catalog.ts';

/** What only a live database has, beside its catalog. */
export interface LiveCatalog extends Catalog {
  /** false in a session for which replication writes: neither triggers nor foreign keys are heeded */
  triggersFire: boolean;
  /** the server replays what another one writes, or what a backup holds */
  standby: boolean;
  /** false where sessions begin every transaction read-only, by a setting */
  writes: boolean;
  /** tells it from every other database, until PostgreSQL restarts */
  identity: string;
  /** in which the database keeps text: UTF8 */
  encoding: string;
  database: { version: string; name: string; schema: string; user: string };
  fingerprint: string;
  /**
   * what of the main schema, or of PostgreSQL itself ("builtin"), the role's search_path does not lead to: it leads to something
   * else of that name, or nowhere
   */
  hidden: Hidden[];
  /** how far sequences have counted, by "table.column" */
  counters: Record<string, Counter>;
  /** the version of each extension that the server would install */
  offered: Record<string, string>;
  /** collations in use whose rules are not those by which indexes were built */
  collations: OutdatedCollation[];
  owners: Owners;
  /** what the role may not use at all */
  unusable: { functions: string[]; sequences: string[] };
  /** relations under an exclusive lock of another session: what needs their lock was not read */
  locked: string[];
  blockers: Blocker[];
  /** a session holds the lock under which migrations run */
  migrating: boolean;
  access: Record<string, Access>;
  /** schemas that the role may not use */
  closed: string[];
  /** schemas other than the main one with a table of our history's name → its columns */
  histories: Record<string, string[]>;
  /** tables of other schemas that are called like one of ours, such as "archive.jobs" */
  likeOurs: Record<string, { columns: string[]; hasIndex: boolean }>;
  /** enum → labels that were written after it was made: added, or renamed */
  relabelled: Record<string, string[]>;
  /** tables of other schemas → tables of ours that they inherit */
  heirs: Record<string, string[]>;
  /** foreign keys of tables that are not ours, which let no row go to which they refer */
  holders: { table: string; by: string; constraint: string }[];
  /** those for which PostgreSQL refuses to change rows of our tables */
  publications: Publication[];
  /** relation → other schemas that hold one of the same name */
  elsewhere: Record<string, string[]>;
}

/** What the role that serves may do with a relation. */
export interface Access {
  /** SELECT, INSERT, UPDATE, DELETE where it lacks them on the whole relation */
  lacks: string[];
  /** SELECT, INSERT, UPDATE where it has them on other columns */
  columns: Record<string, string[]>;
  /** row security binds it */
  rowSecurity: boolean;
  /** names of the policies that are meant for it */
  policies: string[];
}

export interface Hidden {
  class: 'relation' | 'type' | 'function' | `builtin ${'type' | 'function' | 'operator'}`;
  oid: string;
  name: string;
}

export interface Publication {
  table: string;
  publication: string;
  updates: boolean;
  deletes: boolean;
  /** why: the table has no replica identity, or columns of it are not published, or the publication asks for other columns */
  lacks: 'identity' | 'columns' | 'condition';
  /** pg_class.relreplident: d the primary key, i an index, f whole rows, n nothing */
  identity: string;
}

/** Null is what could not be read. */
export interface Counter {
  last: string | null;
  /** false: `last` itself comes next */
  called: boolean | null;
  /** the greatest number in the column, or the least where it counts down */
  top: string | null;
}

export interface OutdatedCollation {
  name: string;
  /** the database's own */
  isDefault: boolean;
  recorded: string;
  actual: string | null;
  indexes: string[];
}

export interface Owners {
  /** tables, sequences, functions, types or schemas → name → owner */
  objects: Record<string, Record<string, string>>;
  /** roles that are no superusers → roles for which they may act */
  actsFor: Record<string, string[]>;
}

/** Who holds a lock that was waited for. */
export interface Blocker {
  /** null for a prepared transaction */
  pid: number | null;
  preparedTransaction: string | null;
  user: string | null;
  applicationName: string | null;
  query: string | null;
  heldForMs: number | null;
  objects: string[];
}

/** A row of schema_migrations as it stands there, whatever its columns are. */
export type HistoryRecord = Record<string, unknown>;
