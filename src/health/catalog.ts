/** A schema as PostgreSQL's catalogs describe it; names of the main schema stand without it ("jobs"), others with ("pgboss.job"). */
export interface Catalog {
  relations: Record<string, Relation>;
  /** labels in their order */
  enums: Record<string, string[]>;
  /** by name and argument types, such as "search_document(text, text)" */
  functions: Record<string, Routine>;
  /** those that give columns their numbers, and those that stand by themselves */
  sequences: Record<string, Sequence>;
  domains: Record<string, Domain>;
  extensions: Record<string, Extension>;
}

export interface Relation {
  /** pg_class.relkind: r table, p partitioned table, v view, m materialized view, f foreign table */
  kind: string;
  /** pg_class.relpersistence: p permanent, u unlogged */
  persistence: string;
  /** of which it is a partition */
  parent: string | null;
  /** tables whose columns it shares and whose reads show its rows */
  inherits: string[];
  /** by what it is partitioned, and which part of its parent it holds */
  partitionKey: string | null;
  partitionBound: string | null;
  view: View | null;
  rowSecurity: boolean;
  /** row security binds the owner too */
  forced: boolean;
  policies: Record<string, Policy>;
  columns: Record<string, Column>;
  /** only of a live relation that is not ours, which is not described further */
  columnNames?: string[] | null;
  /** only of a live relation */
  hasIndex?: boolean;
  /** only of a live relation: triggers of its foreign keys are disabled */
  keysOff?: boolean;
  /** only of a live relation: how many rows and blocks of 8 kB it has, by PostgreSQL's own estimate */
  rows?: number;
  pages?: number;
  constraints: Record<string, Constraint>;
  indexes: Record<string, Index>;
  triggers: Record<string, Trigger>;
  rules: Record<string, Rule>;
}

export interface Column {
  /** for writing a table again; its order means nothing */
  position: number;
  /** as format_type spells it */
  type: string;
  notNull: boolean;
  /** an expression, of the default or of what is generated; null when there is none */
  default: string | null;
  /** "" or s (stored) or v (virtual) */
  generated: string;
  /** "" or a (always) or d (by default) */
  identity: string;
  /** whose numbers it takes, as its identity or by its default */
  sequence: string | null;
  /** null: the type's own */
  collation: string | null;
  /** only of a live column: it was added or altered (perhaps renamed) after its table was made */
  changed?: boolean | null;
}

/** Foreign keys, checks and exclusions. Primary and unique keys are told by their indexes. */
export interface Constraint {
  /** pg_constraint.contype: p, u, f, c or x */
  type: string;
  columns: string[];
  validated: boolean;
  deferrable: boolean;
  deferred: boolean;
  /** false when NOT ENFORCED, or when its triggers are disabled */
  enforced: boolean;
  references: ForeignTarget | null;
  /** of a check */
  expression: string | null;
  /** complete; kept in the expected catalog only */
  definition?: string;
}

export interface ForeignTarget {
  table: string;
  columns: string[];
  /** a no action, r restrict, c cascade, n set null, d set default */
  onUpdate: string;
  onDelete: string;
  /** s simple, f full */
  match: string;
}

export interface Index {
  unique: boolean;
  primary: boolean;
  /** false: checked at the end of the transaction */
  immediate: boolean;
  valid: boolean;
  /** being built right now by another session */
  building: boolean;
  nullsNotDistinct: boolean;
  method: string;
  keys: IndexKey[];
  included: string[];
  predicate: string | null;
  /** the constraint that owns it */
  constraint: string | null;
  /** the operators of an exclusion constraint, one a key */
  excludes: string[] | null;
  definition?: string;
}

export interface IndexKey {
  /** a column's name, or an expression */
  of: string;
  /** null: the type's default */
  opclass: string | null;
  collation: string | null;
  descending: boolean;
  nullsFirst: boolean;
}

export interface Trigger {
  /** O and A fire, D is disabled, R fires on replicas only */
  enabled: string;
  /** pg_trigger.tgtype: level, time and events in bits */
  type: number;
  function: string;
  columns: string[];
  arguments: string;
  /** the WHEN condition */
  condition: string | null;
  deferrable: boolean;
  deferred: boolean;
  definition?: string;
}

export interface Rule {
  /** pg_rewrite.ev_type: 1 select, 2 update, 3 insert, 4 delete */
  event: string;
  instead: boolean;
  enabled: string;
  /** "INSERT TO public.jobs WHERE … DO INSTEAD NOTHING"; null where it was not read */
  action: string | null;
}

/** A view, or a materialized one. */
export interface View {
  definition: string;
  /** as they were written: "security_invoker=on" */
  options: string[];
  /** false: a materialized view that cannot be read before it is refreshed */
  populated: boolean;
}

export interface Policy {
  /** * all, r select, a insert, w update, d delete */
  command: string;
  permissive: boolean;
  roles: string[];
  using: string | null;
  check: string | null;
}

/** Numbers that may be too large for JSON are texts. */
export interface Sequence {
  type: string;
  increment: string;
  minimum: string;
  maximum: string;
  start: string;
  cycle: boolean;
  /** p permanent, u unlogged */
  persistence: string;
  /** it belongs to an identity column, with which it comes and goes */
  identity: boolean;
}

export interface Domain {
  /** the type beneath, as format_type spells it */
  base: string;
  notNull: boolean;
  default: string | null;
  collation: string | null;
  checks: DomainCheck[];
}

export interface DomainCheck {
  name: string;
  expression: string;
  validated: boolean;
}

export interface Extension {
  schema: string;
  version: string;
}

export interface Routine {
  returns: string;
  language: string;
  /** i immutable, s stable, v volatile */
  volatility: string;
  strict: boolean;
  securityDefiner: boolean;
  settings: string[];
  body: string | null;
  /** only of a live one */
  oid?: string;
  definition?: string;
}
