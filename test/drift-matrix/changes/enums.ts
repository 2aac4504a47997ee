import type { Change, Expectation } from '../change.ts';
import { quoted, type Enum, type Inventory } from '../inventory.ts';

/** Enums: values gone, added, renamed, in another order; and rebuilt the same. */
export function* enumChanges({ enums, expressions, tables }: Inventory): Generator<Change> {
  for (const type of enums) {
    const { id, sql, name, labels } = type;
    const make = (change: string, statements: string[], expected: Expectation | null): Change => ({ class: 'enum', object: id, change, sql: statements, expected });
    const expect = (least: Expectation['atLeast']): Expectation => ({ kind: 'ENUM', object: id, atLeast: least });
    yield make('drop', [`drop type ${sql} cascade`], expect('FAILS'));
    yield make('rename', [`alter type ${sql} rename to renamed`], { ...expect('FAILS'), beside: ['COLUMN_TYPE'] });
    yield make('move', ['create schema archive', `alter type ${sql} set schema archive`], { ...expect('FAILS'), beside: ['COLUMN_TYPE'] });
    yield make('add a value', [`alter type ${sql} add value 'stranger'`], expect('LATENT'));
    yield make('add a value in front', [`alter type ${sql} add value 'stranger' before '${labels[0]}'`], expect('LATENT'));
    yield make('comment', [`comment on type ${sql} is 'looked at'`], null);
    for (const label of labels) {
      yield make(`rename ${label}`, [`alter type ${sql} rename value '${label}' to 'renamed'`], { ...expect('FAILS'), beside: ['ENUM'] });
      // One that an expression holds as a constant cannot be taken away without that expression.
      if (!expressions.includes(`'${label}'::`)) yield make(`without ${label}`, [`delete from pg_enum where enumtypid = '${sql}'::regtype and enumlabel = '${label}'`], expect('FAILS'));
    }
    if (labels.length > 1) yield make('in another order', [`update pg_enum set enumsortorder = -enumsortorder where enumtypid = '${sql}'::regtype and enumlabel = '${labels.at(-1)}'`], expect('SILENT'));
    yield make('rebuilt the same', rebuilt(type, tables, labels), null);
    if (labels.length > 1) yield make('rebuilt without a value', rebuilt(type, tables, labels.slice(0, -1)), expect('FAILS'));
    yield make(`of the same name elsewhere`, ['create schema archive', `create type archive.${quoted(name)} as enum ('other')`], null);
  }
}

function rebuilt({ sql, schema, id }: Enum, tables: Inventory['tables'], labels: readonly string[]): string[] {
  const using = tables.flatMap((table) => table.columns.filter(({ type }) => type.replace(/\[\]$/, '') === id).map((column) => ({ table, column })));
  return [
    `alter type ${sql} rename to old`,
    `create type ${sql} as enum (${labels.map((label) => `'${label}'`).join(', ')})`,
    ...using.flatMap(({ table, column }) => {
      const alter = `alter table ${table.sql} alter column ${quoted(column.name)}`;
      const type = column.type.endsWith('[]') ? `${sql}[]` : sql;
      return [
        ...(column.default === null ? [] : [`${alter} drop default`]),
        `${alter} type ${type} using ${quoted(column.name)}::text::${type}`,
        ...(column.default === null ? [] : [`${alter} set default ${column.default}`]),
      ];
    }),
    `drop type ${quoted(schema)}.old`,
  ];
}
