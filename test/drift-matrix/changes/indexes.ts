import type { DriftEffect } from '../../../src/health/health.ts';
import type { Change, Expectation } from '../change.ts';
import { quoted, type Index, type Inventory, type Table } from '../inventory.ts';
import { sameConditions } from './spellings.ts';
import { isHistory, leastOf } from './tableRoles.ts';

/** Indexes that no constraint owns: gone, invalid, over something else, of another kind; and the same again. */
export function* indexChanges({ tables }: Inventory): Generator<Change> {
  for (const table of tables) {
    if (isHistory(table)) continue;
    if (table.kind === 'r' || table.kind === 'p') yield* strangers(table);
    for (const index of table.indexes) {
      const one = new OneIndex(table, index);
      if (!index.inherited) yield* one.validity();
      if (!index.owned && !index.inherited) yield* one.changes();
    }
  }
}

function* strangers({ id, sql, columns, indexes }: Table): Generator<Change> {
  // Where a column is unique already, one index more refuses nothing.
  const keys = indexes.flatMap((index) => (index.unique ? index.columns : []));
  const column = columns.find(({ name, category }) => 'SNDUE'.includes(category) && !keys.includes(name));
  if (!column) return;
  const make = (change: string, statements: string[], kind: Expectation['kind'], effect: Partial<Expectation>): Change => ({
    class: 'index',
    object: id,
    change,
    sql: statements,
    expected: { kind, table: id, object: 'stranger', ...effect },
  });
  const index = `index stranger on ${sql} (${quoted(column.name)})`;
  yield make('one more', [`create ${index} where ${quoted(column.name)} is not null`], 'EXTRA_INDEX', { exactly: 'NONE' });
  yield make('one more that is unique', [`create unique ${index} where ${quoted(column.name)} is not null`], ['UNIQUE', 'EXTRA_INDEX', 'INDEX'], { atLeast: 'LATENT' });
  yield make('one more that is invalid', [`create ${index}`, invalid('stranger', sql)], 'INVALID_INDEX', { atLeast: 'SLOW' });
}

/** As a CREATE INDEX CONCURRENTLY leaves it that failed. */
function invalid(name: string, table: string): string {
  return `update pg_index set indisvalid = false where indexrelid = (select oid from pg_class where relname = '${name.replaceAll("'", "''")}' and relnamespace = (select relnamespace from pg_class where oid = '${table.replaceAll("'", "''")}'::regclass))`;
}

class OneIndex {
  readonly #table: Table;
  readonly #index: Index;
  readonly #name: string;

  constructor(table: Table, index: Index) {
    this.#table = table;
    this.#index = index;
    this.#name = `${quoted(table.schema)}.${quoted(index.name)}`;
  }

  *validity(): Generator<Change> {
    if (this.#table.kind === 'r' || this.#table.kind === 'm') yield this.#make('invalid', [invalid(this.#index.name, this.#table.sql)], this.#expect('INVALID_INDEX', 'SLOW'));
  }

  *changes(): Generator<Change> {
    const { unique, keys, method, predicate, definition, categories, included, columns, nullsNotDistinct } = this.#index;
    const kind: Expectation['kind'] = unique ? 'UNIQUE' : 'INDEX';
    const wrong = this.#expect(kind, unique ? 'SILENT' : 'SLOW');
    const drop = `drop index ${this.#name}`;
    const again = (change: string, parts: Partial<Parts>, expected: Expectation | null): Change => this.#make(change, [drop, this.#create(parts)], expected);

    yield this.#make('drop', [drop], wrong);
    yield this.#make('rename', [`alter index ${this.#name} rename to renamed`], null);
    yield this.#make('recreate', [drop, definition], null);
    yield this.#make('comment', [`comment on index ${this.#name} is 'looked at'`], null);
    if (method === 'btree') yield this.#make('fillfactor', [drop, definition.replace(/(\) NULLS NOT DISTINCT|\))( WHERE .*)?$/, '$1 with (fillfactor = 70)$2')], null);
    if (keys.length > 1) {
      yield again('one key fewer', { keys: keys.slice(0, -1) }, this.#expect(kind, unique ? 'WRITE_FAILS' : 'SLOW'));
      yield again('keys in another order', { keys: keys.toReversed() }, this.#expect(kind, 'SLOW'));
    }
    const other = this.#table.columns.find(({ name, category, generated }) => !columns.includes(name) && 'SNDUE'.includes(category) && generated !== 'v');
    if (other && method === 'btree') {
      yield again('one key more', { keys: [...keys, quoted(other.name)] }, wrong);
      yield again('another column', { keys: [quoted(other.name), ...keys.slice(1)] }, wrong);
      if (!included.includes(other.name)) yield again('one column included', { included: [...included.map(quoted), quoted(other.name)] }, this.#expect([kind, 'INDEX'], 'NONE'));
    }
    if (included.length > 0) yield again('nothing included', { included: [] }, this.#expect([kind, 'INDEX'], 'NONE'));
    if (method === 'btree') {
      yield again('descending', { keys: [/ desc\b/.test(keys[0] ?? '') ? (keys[0] ?? '').replace(/ desc.*$/, '') : `${keys[0]} desc`, ...keys.slice(1)] }, this.#expect(kind, keys.length === 1 ? 'NONE' : 'SLOW'));
      if (!unique && keys.length === 1) yield again('hash', { method: 'hash' }, wrong);
      if (!unique) yield again('unique', { unique: true }, this.#expect(['UNIQUE', 'INDEX'], 'WRITE_FAILS'));
      else yield again('not unique', { unique: false, nullsNotDistinct: false }, wrong);
      if (categories[0] === 'S' && !/ (collate|desc|nulls|\S+_ops)/.test(keys[0] ?? '')) {
        yield again('text_pattern_ops', { keys: [`${keys[0]} text_pattern_ops`, ...keys.slice(1)] }, this.#expect(kind, 'SLOW'));
        yield again('another collation', { keys: [`${keys[0]} collate "C"`, ...keys.slice(1)] }, this.#expect(kind, 'SLOW'));
      }
      // Where no column takes NULL it does not matter whether NULLs are alike.
      const takesNull = columns.some((name) => !this.#table.columns.find((column) => column.name === name)?.notNull);
      if (unique) {
        yield again(nullsNotDistinct ? 'nulls distinct' : 'nulls not distinct', { nullsNotDistinct: !nullsNotDistinct }, takesNull ? this.#expect(kind, nullsNotDistinct ? 'SILENT' : 'WRITE_FAILS') : null);
      }
    }
    const column = quoted(columns.find((name) => name !== null) ?? this.#table.columns[0]?.name ?? '');
    if (predicate === null) yield again('only for some rows', { predicate: `${column} is null` }, wrong);
    else {
      yield again('for all rows', { predicate: null }, this.#expect([kind, 'INDEX'], unique ? 'WRITE_FAILS' : 'NONE'));
      yield again('for fewer rows', { predicate: `(${predicate}) and ${column}::text <> 'never'` }, wrong);
      yield again('for other rows', { predicate: `not (${predicate})` }, wrong);
      for (const { how, condition } of sameConditions(predicate)) yield again(`spelled ${how}`, { predicate: condition }, null);
    }
  }

  #create(changed: Partial<Parts>): string {
    const { unique, method, keys, included, predicate, nullsNotDistinct } = { ...this.#index, included: this.#index.included.map(quoted), ...changed };
    return [
      `create ${unique ? 'unique ' : ''}index ${quoted(this.#index.name)} on ${this.#table.sql} using ${method} (${keys.join(', ')})`,
      included.length > 0 && `include (${included.join(', ')})`,
      nullsNotDistinct && 'nulls not distinct',
      predicate !== null && `where ${predicate}`,
    ].filter(Boolean).join(' ');
  }

  #expect(kind: Expectation['kind'], least: DriftEffect): Expectation {
    return { kind, table: this.#table.id, object: this.#index.name, atLeast: least === 'NONE' ? 'NONE' : leastOf(this.#table, least) };
  }

  #make(change: string, sql: string[], expected: Expectation | null): Change {
    return { class: 'index', object: `${this.#table.id}#${this.#index.name}`, change, sql, expected };
  }
}

interface Parts {
  unique: boolean;
  method: string;
  keys: string[];
  included: string[];
  predicate: string | null;
  nullsNotDistinct: boolean;
}
