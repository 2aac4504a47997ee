import type { NodeType } from '../domain/globalId.ts';

/** How a GraphQL field is read. */
export interface FieldSource {
  /** over the source's row `t`; null for a field that the row's key suffices for */
  sql: string | null;
  /** what it cannot be read without, as `table.column` */
  columns: readonly string[];
}

/** One table that holds rows of a type. */
export interface Source {
  table: string;
  /** what the rows are read from; the table's own row is `t` */
  from: string;
  /** the uuid or other key behind the global id */
  key: string;
  /** GraphQL field → how it is read; drives select lists and the blast radius of schema health */
  fields: Readonly<Record<string, FieldSource>>;
}

/** A total order, the key being its tie-break. */
export interface Order {
  sql: string;
  type: 'timestamptz' | 'integer' | 'text';
  columns: readonly string[];
}

/** A GraphQL type over its table, or over one table a channel. */
export interface ReadModel<Orders extends string = string> {
  type: NodeType;
  sources: readonly Source[];
  orders: Readonly<Record<Orders, Order>>;
  /** the GraphQL enum that chooses among the orders, where there is one */
  orderEnum?: string;
}

/** `displayName` → `display_name`, as the ORM's naming strategy has it. */
export const columnOf = (property: string): string => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Fields whose name is the entity's property: each is its column. */
export function properties<Entity>(table: string, ...names: (keyof Entity & string)[]): Record<string, FieldSource> {
  return Object.fromEntries(names.map((name) => [name, expression(table, `t.${columnOf(name)}`, columnOf(name))]));
}

/** A field that is computed from columns of the table. */
export function expression(table: string, sql: string, ...columns: string[]): FieldSource {
  return { sql, columns: columns.map((column) => `${table}.${column}`) };
}

/** A field that a loader or the row's key answers; the columns are those that the loader needs. */
export function elsewhere(...columns: string[]): FieldSource {
  return { sql: null, columns };
}
