import type { Change, Expectation } from '../change.ts';
import { quoted, type Column, type Inventory, type Table } from '../inventory.ts';
import { SERVER } from '../roles.ts';
import { otherDefault, sameDefaults } from './defaults.ts';
import { isHistory, leastOf, rightsNeeded } from './tableRoles.ts';
import { otherTypes } from './types.ts';

/** Columns of tables: gone, renamed, of another type, nullability, default, generation, identity or collation. */
export function* columnChanges({ tables, version }: Inventory): Generator<Change> {
  for (const table of tables) {
    if (isHistory(table) || table.isPartition || (table.kind !== 'r' && table.kind !== 'p')) continue;
    yield* extraColumns(table);
    for (const column of table.columns) {
      const one = new OneColumn(table, column);
      yield* one.losses();
      yield* one.types();
      yield* one.nullability();
      yield* one.defaults();
      yield* one.generation(version);
      yield* one.identity();
      yield* one.rights();
      yield* one.harmless();
    }
  }
}

function* extraColumns(table: Table): Generator<Change> {
  const { id, sql } = table;
  const make = (change: string, type: string, exactly: Expectation['exactly']): Change => ({
    class: 'column',
    object: id,
    change,
    sql: [`alter table ${sql} add column stranger ${type}`],
    expected: { kind: 'EXTRA_COLUMN', table: id, column: 'stranger', exactly },
  });
  yield make('one more', 'text', 'NONE');
  yield make('one more with a default', `integer not null default 7`, 'NONE');
  yield { ...make('one more that every insert must fill', 'integer not null', undefined), expected: { kind: 'EXTRA_COLUMN', table: id, column: 'stranger', atLeast: leastOf(table, 'WRITE_FAILS') } };
}

class OneColumn {
  readonly #table: Table;
  readonly #column: Column;
  readonly #alter: string;
  readonly #name: string;

  constructor(table: Table, column: Column) {
    this.#table = table;
    this.#column = column;
    this.#name = quoted(column.name);
    this.#alter = `alter table ${table.sql} alter column ${this.#name}`;
  }

  *losses(): Generator<Change> {
    const { sql } = this.#table;
    yield this.#make('drop', [`alter table ${sql} drop column ${this.#name} cascade`], this.#expect('MISSING_COLUMN', 'FAILS'));
    yield this.#make('rename', [`alter table ${sql} rename column ${this.#name} to ${quoted(`${this.#column.name}_old`)}`], this.#expect('RENAMED_COLUMN', 'FAILS'));
  }

  *types(): Generator<Change> {
    const { type, generated, identity, default: value } = this.#column;
    if (generated !== '' || identity !== '') return;
    for (const { to, least } of otherTypes(this.#column)) {
      const sql = [
        ...(value === null ? [] : [`${this.#alter} drop default`]),
        `${this.#alter} type ${to} using null::text::${to}`,
        ...(value === null ? [] : [`${this.#alter} set default ${value.includes('(') ? value : `(${value})::text::${to}`}`]),
      ];
      yield this.#make(`${type} → ${to}`, sql, this.#expect('COLUMN_TYPE', least));
    }
  }

  *nullability(): Generator<Change> {
    const { notNull, inPrimaryKey, identity, generated } = this.#column;
    if (!notNull) yield this.#make('set not null', [`${this.#alter} set not null`], this.#expect('COLUMN_NULLABILITY', generated === '' ? 'WRITE_FAILS' : 'NONE'));
    else if (!inPrimaryKey && identity === '') yield this.#make('drop not null', [`${this.#alter} drop not null`], this.#expect('COLUMN_NULLABILITY', generated === '' ? 'SILENT' : 'NONE'));
  }

  *defaults(): Generator<Change> {
    const { default: value, notNull, generated, identity } = this.#column;
    if (generated !== '' || identity !== '') return;
    if (value !== null) yield this.#make('drop default', [`${this.#alter} drop default`], this.#expect('COLUMN_DEFAULT', notNull ? 'WRITE_FAILS' : 'SILENT'));
    const other = otherDefault(this.#column);
    if (other !== null) yield this.#make('another default', [`${this.#alter} set default ${other}`], this.#expect('COLUMN_DEFAULT', value === null ? 'NONE' : 'SILENT'));
    for (const spelling of sameDefaults(this.#column)) yield this.#make(`default ${spelling}`, [`${this.#alter} set default ${spelling}`], null);
  }

  *generation(version: number): Generator<Change> {
    const { generated, type, default: value, notNull, used, identity, collation } = this.#column;
    const { sql } = this.#table;
    if (generated === 's') yield this.#make('not generated any more', [`${this.#alter} drop expression`], this.#expect('COLUMN_GENERATED', 'SILENT'));
    if (generated !== '') {
      const kind = generated === 's' ? 'stored' : 'virtual';
      const again = (expression: string) => [`alter table ${sql} drop column ${this.#name}`, `alter table ${sql} add column ${this.#name} ${type} generated always as (${expression}) ${kind}${notNull ? ' not null' : ''}`];
      if (!used) yield this.#make('rebuilt the same', again(value ?? 'null'), null);
      if (version >= 17) yield this.#make('generated in another way', [`${this.#alter} set expression as (nullif(${value}, ${value}))`], this.#expect('COLUMN_GENERATED', 'SILENT'));
      return;
    }
    if (used || identity !== '' || collation !== null) return;
    yield this.#make('generated instead of written', [`alter table ${sql} drop column ${this.#name}`, `alter table ${sql} add column ${this.#name} ${type} generated always as (null::text::${type}) stored`], {
      ...this.#expect('COLUMN_GENERATED', 'WRITE_FAILS'),
      beside: ['COLUMN_NULLABILITY', 'COLUMN_DEFAULT'],
    });
  }

  *identity(): Generator<Change> {
    const { identity, type, notNull, default: value } = this.#column;
    if (identity !== '') {
      const other = identity === 'a' ? 'by default' : 'always';
      yield this.#make('no identity any more', [`${this.#alter} drop identity`], this.#expect('COLUMN_IDENTITY', 'WRITE_FAILS'));
      yield this.#make(`generated ${other}`, [`${this.#alter} set generated ${other}`], this.#expect('COLUMN_IDENTITY', identity === 'a' ? 'NONE' : 'WRITE_FAILS'));
    } else if (notNull && value === null && /^(smallint|integer|bigint)$/.test(type)) {
      yield this.#make('identity', [`${this.#alter} add generated always as identity`], this.#expect('COLUMN_IDENTITY', 'WRITE_FAILS'));
    }
  }

  *rights(): Generator<Change> {
    const { id, sql, columns } = this.#table;
    const others = columns.filter((column) => column !== this.#column).map(({ name }) => quoted(name));
    if (others.length === 0) return;
    for (const right of ['SELECT', 'INSERT', 'UPDATE']) {
      const expected: Expectation = { kind: 'PRIVILEGE', table: id, column: this.#column.name, atLeast: leastOf(this.#table, right === 'SELECT' ? 'READ_FAILS' : 'WRITE_FAILS') };
      const needed = rightsNeeded(this.#table).includes(right) && (right === 'SELECT' || (this.#column.generated === '' && this.#column.identity !== 'a'));
      yield { ...this.#make(`revoke ${right}`, [`revoke ${right} on ${sql} from ${SERVER}`, `grant ${right} (${others.join(', ')}) on ${sql} to ${SERVER}`], needed ? expected : null), class: 'privilege', comparable: false };
    }
  }

  *harmless(): Generator<Change> {
    const { type, category, notNull, default: value, generated, identity, used, collation } = this.#column;
    const { sql } = this.#table;
    const clause = `${type}${collation === null ? '' : ` collate ${quoted(collation)}`}${notNull ? ' not null' : ''}${value === null ? '' : ` default ${value}`}`;
    if (!used && generated === '' && identity === '') yield this.#make('moved to the end', [`alter table ${sql} drop column ${this.#name}`, `alter table ${sql} add column ${this.#name} ${clause}`], null);
    yield this.#make('comment', [`comment on column ${sql}.${this.#name} is 'looked at'`], null);
    if (category === 'S' || category === 'A' || type === 'jsonb') yield this.#make('storage', [`${this.#alter} set storage external`], null);
    if (type === 'text' && generated === '') {
      yield this.#make('compression', [`${this.#alter} set compression pglz`], null);
      const other = collation === 'C' ? 'und-x-icu' : 'C';
      yield this.#make(`collate ${other}`, [`${this.#alter} type text collate "${other}"`], this.#expect('COLUMN_COLLATION', 'LATENT'));
      if (collation === 'C') yield this.#make('collate POSIX', [`${this.#alter} type text collate "POSIX"`], null);
    }
    yield this.#make('statistics', [`${this.#alter} set (n_distinct = 7)`], null);
  }

  #expect(kind: Expectation['kind'], least: NonNullable<Expectation['atLeast']>): Expectation {
    return { kind, table: this.#table.id, column: this.#column.name, atLeast: least === 'NONE' ? 'NONE' : leastOf(this.#table, least) };
  }

  #make(change: string, sql: string[], expected: Expectation | null): Change {
    return { class: 'column', object: `${this.#table.id}.${this.#column.name}`, change, sql, expected };
  }
}
