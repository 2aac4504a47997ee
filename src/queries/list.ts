import { sql, type Kysely, type RawBuilder } from 'kysely';
import { OutriderError } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import { readRows } from '../database/readRows.ts';
import { writeCursor, type Page } from './page.ts';
import type { Order, ReadModel, Source } from './readModel.ts';
import type { ConnectionSelection } from './selection.ts';

/** A row as GraphQL reads it: the selected fields under their names, and the key that edges are loaded by. */
export interface Row {
  __typename: string;
  /** global */
  id: string;
  /** what the database knows it by */
  key: string;
  [field: string]: unknown;
}

export interface Connection {
  edges: { cursor: string; node: Row }[];
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number | null;
}

export type Condition = RawBuilder<unknown>;
/** The conditions on the rows of one source, over its row `t`. */
export type ConditionsOf = (source: Source) => readonly Condition[];

export interface ListOptions {
  model: ReadModel;
  order: Order;
  direction: 'asc' | 'desc';
  page: Page;
  selection: ConnectionSelection;
  conditions: ConditionsOf;
}

type Raw = Record<string, unknown> & { $key: string | null; $sort: string | number; $total?: number; $parent?: string };

/** One page of a list, and its count when it is selected: one statement, and so one snapshot. */
export async function list(db: Kysely<never>, options: ListOptions): Promise<Connection> {
  const page = pageStatement(options, options.conditions);
  const statement = options.selection.totalCount
    ? sql<Raw>`select page.*, total.n as "$total" from (${countStatement(options, options.conditions)}) total left join (${page}) page on true`
    : sql<Raw>`${page}`;
  const rows = await readRows(db, statement);
  return connection(rows, options);
}

/**
 * The same page of the list below each of several parents: one statement for the edge.
 *
 * @param parents uuids; the answer has one connection for each, in their order
 * @param belongsTo the condition that ties a source's row `t` to `parent.id`
 */
export async function listsBelow(
  db: Kysely<never>, parents: readonly string[], belongsTo: (source: Source) => Condition, options: ListOptions,
): Promise<Connection[]> {
  const conditions: ConditionsOf = (source) => [belongsTo(source), ...options.conditions(source)];
  const total = options.selection.totalCount ? sql`left join lateral (${countStatement(options, conditions)}) total on true` : sql``;
  const count = options.selection.totalCount ? sql`, total.n as "$total"` : sql``;
  const rows = await readRows(db, sql<Raw>`
    select parent.id as "$parent", page.*${count}
    from unnest(${parents}::uuid[]) parent (id)
    ${total}
    left join lateral (${pageStatement(options, conditions)}) page on true`);
  const byParent = Map.groupBy(rows, (row) => row.$parent);
  return parents.map((parent) => connection(byParent.get(parent) ?? [], options));
}

/** The select list of a source: its key, the order's value, the selected fields under their GraphQL names. */
export function selectList(source: Source, fields: readonly string[], order?: Order): RawBuilder<unknown> {
  const columns = fields.flatMap((name) => {
    const field = source.fields[name];
    return field?.sql == null ? [] : [`${field.sql} as "${name}"`];
  });
  const sort = order ? [`${order.sql} as "$sort"`] : [];
  return sql.raw([`${source.key} as "$key"`, ...sort, ...columns].join(', '));
}

/** A database row as GraphQL reads it: the same object, because a page has hundreds and copies are what it would cost most. */
export function toRow(model: ReadModel, raw: Record<string, unknown> & { $key: string | null }): Row {
  const row = raw as unknown as Row;
  row.__typename = model.type;
  row.key = raw.$key!;
  row.id = toGlobalId(model.type, row.key);
  return row;
}

function pageStatement(options: ListOptions, conditions: ConditionsOf): RawBuilder<unknown> {
  const { model, order, page, selection } = options;
  const direction = sql.raw((options.direction === 'asc') === page.backward ? 'desc' : 'asc');
  const limit = page.limit + 1;
  const parts = model.sources.map(
    (source) => sql`select ${selectList(source, selection.fields, order)} from ${sql.raw(source.from)}
      ${where([...conditions(source), ...bounds(source, options)])}
      order by ${sql.raw(order.sql)} ${direction}, ${tieBreak(source, order)} ${direction} limit ${limit}`,
  );
  if (parts.length === 1) return parts[0]!;
  return sql`select * from (${sql.join(parts.map((part) => sql`(${part})`), sql` union all `)}) merged
    order by "$sort" ${direction}, "$key" ${direction} limit ${limit}`;
}

function countStatement({ model }: ListOptions, conditions: ConditionsOf): RawBuilder<unknown> {
  const counts = model.sources.map((source) => sql`(select count(*) from ${sql.raw(source.from)} ${where(conditions(source))})`);
  return sql`select (${sql.join(counts, sql` + `)})::int as n`;
}

function bounds(source: Source, { order, direction, page }: ListOptions): Condition[] {
  const beyond = (position: { value: string | number; key: string }, operator: string) => {
    const value = sql`${position.value}::${sql.raw(order.type)}`;
    if (!hasTieBreak(source)) return sql`${sql.raw(order.sql)} ${sql.raw(operator)} ${value}`;
    return sql`(${sql.raw(order.sql)}, ${sql.raw(source.key)}) ${sql.raw(operator)} (${value}, ${position.key}::uuid)`;
  };
  const [later, earlier] = direction === 'asc' ? ['>', '<'] : ['<', '>'];
  return [...(page.after ? [beyond(page.after, later!)] : []), ...(page.before ? [beyond(page.before, earlier!)] : [])];
}

/** A source whose key is no column of its own is ordered by something unique. */
const hasTieBreak = (source: Source) => source.key === 't.id';
const tieBreak = (source: Source, order: Order) => sql.raw(hasTieBreak(source) ? source.key : order.sql);

function where(conditions: readonly Condition[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

/** Rows and count are of one snapshot: where they contradict each other an index or a view lies. */
function checkCount(total: number | undefined, shown: number, { limit, after, before }: Page): void {
  const isFirst = after === null && before === null;
  if (total !== undefined && (shown > total || (isFirst && shown < Math.min(total, limit)))) {
    throw new OutriderError('DATA_INTEGRITY', `${total} rows are counted, and ${shown} are there: check the indexes with "outrider schema check".`);
  }
}

function connection(rows: readonly Raw[], { model, page, selection }: ListOptions): Connection {
  const found = rows.filter((row) => row.$key !== null);
  checkCount(rows[0]?.$total, found.length, page);
  const more = found.length > page.limit;
  if (more) found.pop();
  if (page.backward) found.reverse();
  const cursor = (row: Raw | undefined) => (row ? writeCursor(page.order, { value: row.$sort, key: row.$key! }) : null);
  const nodes = found.map((row) => toRow(model, row));
  return {
    nodes,
    edges: selection.edges ? nodes.map((node, index) => ({ cursor: cursor(found[index])!, node })) : [],
    pageInfo: {
      hasNextPage: page.backward ? page.before !== null : more,
      hasPreviousPage: page.backward ? more : page.after !== null,
      startCursor: selection.pageInfo ? cursor(found[0]) : null,
      endCursor: selection.pageInfo ? cursor(found.at(-1)) : null,
    },
    totalCount: rows[0]?.$total ?? null,
  };
}
