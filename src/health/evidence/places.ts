import { escapeIdentifier } from 'pg';
import type { Constraint, Index, Relation } from '../catalog.ts';
import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { RowKey } from './question.ts';

/** What questions are made from: both catalogs, and SQL names. */
export class Places {
  readonly expected: ExpectedCatalog;
  readonly live: LiveCatalog;

  constructor(expected: ExpectedCatalog, live: LiveCatalog) {
    this.expected = expected;
    this.live = live;
  }

  /** "pgboss.job" → "pgboss"."job"; tables of the main schema get its name. */
  sqlName(table: string): string {
    const dot = table.indexOf('.');
    const [schema, name] = dot < 0 ? [this.live.database.schema, table] : [table.slice(0, dot), table.slice(dot + 1)];
    return `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
  }

  /** Whether the live table has rows to look at, and all of these columns. */
  has(table: string, columns: readonly string[]): boolean {
    const relation = this.live.relations[table];
    return relation !== undefined && 'rpm'.includes(relation.kind) && columns.every((column) => relation.columns[column]);
  }

  keyOf(table: string): RowKey | null {
    const primary = Object.values(this.expected.relations[table]?.indexes ?? {}).find((index) => index.primary);
    const columns = primary?.keys.map((key) => key.of) ?? [];
    if (columns.length === 0 || !this.has(table, columns)) return null;
    const parts = columns.map((column) => `r.${escapeIdentifier(column)}::text`);
    return { name: columns.join(', '), sql: parts.length === 1 ? parts.join() : `concat_ws(', ', ${parts.join(', ')})` };
  }

  /** What we expect under a name, or, where the live one has another name, over the same columns. */
  constraint(table: string, name: string): Constraint | undefined {
    const { constraints } = this.expected.relations[table] ?? none;
    const found = this.live.relations[table]?.constraints[name];
    return constraints[name] ?? Object.values(constraints).find(({ type, columns }) => found?.type === type && sameList(found.columns, columns));
  }

  /** As `constraint`, for indexes. */
  index(table: string, name: string): Index | undefined {
    const { indexes } = this.expected.relations[table] ?? none;
    const found = this.live.relations[table]?.indexes[name];
    const keys = (index: Index) => index.keys.map((key) => key.of);
    return indexes[name] ?? Object.values(indexes).find((index) => found !== undefined && found.unique === index.unique && sameList(keys(found), keys(index)));
  }
}

const none: Pick<Relation, 'constraints' | 'indexes'> = { constraints: {}, indexes: {} };

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}
