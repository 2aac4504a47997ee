import type { DriftEffect } from '../../../src/health/health.ts';
import type { Change, Expectation } from '../change.ts';
import { quoted, type Constraint, type Inventory, type Table } from '../inventory.ts';
import { sameConditions } from './spellings.ts';
import { isHistory, leastOf } from './tableRoles.ts';

/** Keys, foreign keys, checks and exclusions: gone, other, not checked; and the same in other words. */
export function* constraintChanges({ tables, version }: Inventory): Generator<Change> {
  for (const table of tables) {
    if (isHistory(table)) continue;
    for (const constraint of table.constraints) {
      if (constraint.inherited) continue;
      const one = new OneConstraint(table, constraint);
      yield* one.all();
      if (constraint.type === 'f') yield* one.foreignKey(version);
      if (constraint.type === 'c') yield* one.check(version);
      if (constraint.type === 'p' || constraint.type === 'u') yield* one.key();
      if (constraint.type === 'x') yield* one.exclusion();
    }
    if (table.kind === 'r' || table.kind === 'p') yield* strangers(table);
  }
}

function* strangers(table: Table): Generator<Change> {
  const { id, sql, columns, isPartition } = table;
  const make = (change: string, clause: string, kind: Expectation['kind'], least: DriftEffect): Change => ({
    class: 'constraint',
    object: id,
    change,
    sql: [`alter table ${sql} add constraint stranger ${clause}`],
    expected: { kind, table: id, object: 'stranger', atLeast: leastOf(table, least) },
  });
  const first = columns.find(({ generated }) => generated === '');
  if (!first || isPartition) return;
  yield make('one more check', `check (${quoted(first.name)} is null) not valid`, 'CHECK', 'WRITE_FAILS');
  yield { ...make('one more that always holds', 'check (1 = 1)', 'CHECK', 'NONE'), expected: null };
}

const actions: Record<string, string> = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' };

/** "no action" and "restrict" differ only in the moment at which they refuse. */
function refusesBoth(...chosen: string[]): boolean {
  return chosen.every((action) => action === 'a' || action === 'r');
}

class OneConstraint {
  readonly #table: Table;
  readonly #constraint: Constraint;
  readonly #name: string;

  constructor(table: Table, constraint: Constraint) {
    this.#table = table;
    this.#constraint = constraint;
    this.#name = quoted(constraint.name);
  }

  *all(): Generator<Change> {
    const { type, definition } = this.#constraint;
    const kind = ({ p: 'PRIMARY_KEY', u: 'UNIQUE', f: 'FOREIGN_KEY', c: 'CHECK', x: ['CHECK', 'UNIQUE', 'INDEX'] } as const)[type as 'p' | 'u' | 'f' | 'c' | 'x'];
    yield this.#make('drop', [this.#drop()], this.#expect(kind, 'SILENT'));
    yield this.#make('rename', [`alter table ${this.#table.sql} rename constraint ${this.#name} to renamed`], null);
    yield this.#make('recreate', [this.#drop(), this.#add(definition)], null);
    yield this.#make('comment', [`comment on constraint ${this.#name} on ${this.#table.sql} is 'looked at'`], null);
  }

  *foreignKey(version: number): Generator<Change> {
    const { definition, onDelete, onUpdate, deferrable, columns, target, targetColumns } = this.#constraint;
    const wrong = this.#expect('FOREIGN_KEY', 'LATENT');
    const harmless: Expectation = { ...wrong, atLeast: 'NONE' };
    const from = `foreign key (${columns.map(quoted).join(', ')}) references ${target} (${targetColumns.map(quoted).join(', ')})`;
    const timing = /DEFERRABLE.*$/.exec(definition)?.[0] ?? '';
    for (const [action, words] of Object.entries(actions)) {
      if (action !== onDelete) yield this.#make(`on delete ${words}`, [this.#drop(), this.#add(`${from} on delete ${words} on update ${actions[onUpdate]} ${timing}`)], refusesBoth(action, onDelete) ? harmless : wrong);
      if (action !== onUpdate && action !== 'd') yield this.#make(`on update ${words}`, [this.#drop(), this.#add(`${from} on delete ${actions[onDelete]} on update ${words} ${timing}`)], refusesBoth(action, onUpdate) ? harmless : wrong);
    }
    const alter = `alter table ${this.#table.sql} alter constraint ${this.#name}`;
    if (deferrable) yield this.#make('not deferrable', [`${alter} not deferrable`], wrong);
    else yield this.#make('deferrable', [`${alter} deferrable initially deferred`], wrong);
    if (this.#table.kind !== 'p') yield this.#make('not valid', [this.#drop(), this.#add(`${definition} not valid`)], this.#expect('NOT_VALID_CONSTRAINT', 'LATENT'));
    if (this.#table.kind !== 'p') yield this.#make('validated later', [this.#drop(), this.#add(`${definition} not valid`), `alter table ${this.#table.sql} validate constraint ${this.#name}`], null);
    yield this.#make('triggers disabled', [`alter table ${this.#table.sql} disable trigger all`], { ...this.#expect(['FOREIGN_KEY', 'TRIGGER'], 'SILENT'), beside: ['FOREIGN_KEY', 'TRIGGER'] });
    if (version >= 18 && this.#table.kind !== 'p') yield this.#make('not enforced', [`${alter} not enforced`], { ...this.#expect('FOREIGN_KEY', 'SILENT'), beside: ['NOT_VALID_CONSTRAINT'] });
    if (columns.length > 1) yield this.#make('match full', [this.#drop(), this.#add(`${from} match full on delete ${actions[onDelete]} on update ${actions[onUpdate]} ${timing}`)], wrong);
  }

  *check(version: number): Generator<Change> {
    const { expression, definition } = this.#constraint;
    const different = this.#expect('CHECK', 'SILENT');
    if (this.#table.kind !== 'p') yield this.#make('not valid', [this.#drop(), this.#add(`${definition} not valid`)], this.#expect('NOT_VALID_CONSTRAINT', 'LATENT'));
    const column = quoted(this.#constraint.columns[0] ?? '');
    yield this.#make('looser', [this.#drop(), this.#add(`check ((${expression}) or ${column} is not null)`)], different);
    yield this.#make('stricter', [this.#drop(), this.#add(`check ((${expression}) and ${column} is null)`)], this.#expect('CHECK', 'WRITE_FAILS'));
    yield this.#make('another', [this.#drop(), this.#add(`check (${column}::text <> 'never')`)], different);
    if (version >= 18) yield this.#make('not enforced', [this.#drop(), this.#add(`${definition} not enforced`)], { ...different, beside: ['NOT_VALID_CONSTRAINT'] });
    for (const spelling of sameConditions(expression ?? '')) yield this.#make(`spelled ${spelling.how}`, [this.#drop(), this.#add(`check (${spelling.condition})`)], null);
  }

  *key(): Generator<Change> {
    const { type, columns, definition, name } = this.#constraint;
    const { sql, columns: all, kind, schema } = this.#table;
    const word = type === 'p' ? 'primary key' : 'unique';
    const wrong = this.#expect(type === 'p' ? 'PRIMARY_KEY' : 'UNIQUE', 'SILENT');
    const index = this.#table.indexes.find((other) => other.name === name);
    const nulls = index?.nullsNotDistinct ? 'nulls not distinct ' : '';
    const others = all.filter((column) => !columns.includes(column.name) && (type === 'u' || column.notNull) && ['S', 'N', 'D', 'U'].includes(column.category)).map((column) => column.name);
    if (kind === 'p') return;
    const over = (names: string[], more = '') => this.#add(`${word} ${nulls}(${names.map(quoted).join(', ')})${more}`);
    if (others[0] !== undefined) yield this.#make('over one more column', [this.#drop(), over([...columns, others[0]])], wrong);
    if (others[0] !== undefined) yield this.#make('over another column', [this.#drop(), over([others[0]])], wrong);
    if (columns.length > 1) {
      yield this.#make('over one column fewer', [this.#drop(), over(columns.slice(1))], this.#expect(wrong.kind, 'WRITE_FAILS'));
      yield this.#make('columns in another order', [this.#drop(), over(columns.toReversed())], this.#expect(wrong.kind, 'SLOW'));
    }
    if (!definition.includes('DEFERRABLE')) yield this.#make('deferrable', [this.#drop(), this.#add(`${definition} deferrable`)], this.#expect(wrong.kind, 'WRITE_FAILS'));
    if (type === 'u') {
      const target = `${sql} (${columns.map(quoted).join(', ')})`;
      const unique = `create unique index ${this.#name} on`;
      if (index?.included.length === 0 && !definition.includes('DEFERRABLE')) {
        yield this.#make('as an index', [this.#drop(), `${unique} ${target}${index.nullsNotDistinct ? ' nulls not distinct' : ''}`], null);
        yield this.#make('as an index of an odd name', [this.#drop(), `create unique index odd on ${target}${index.nullsNotDistinct ? ' nulls not distinct' : ''}`, `comment on index ${quoted(schema)}.odd is 'mine'`], null);
      }
      yield this.#make('only for some rows', [this.#drop(), `${unique} ${target} where ${quoted(columns[0] ?? '')} is null`], wrong);
      yield this.#make('not unique', [this.#drop(), `create index ${this.#name} on ${target}`], wrong);
      const included = index?.included.length ? ` include (${index.included.map(quoted).join(', ')})` : '';
      // Where no column takes NULL it does not matter whether NULLs are alike.
      const isStricter = columns.some((column) => !all.find(({ name: other }) => other === column)?.notNull);
      if (!index?.nullsNotDistinct) {
        yield this.#make('nulls not distinct', [this.#drop(), this.#add(`unique nulls not distinct (${columns.map(quoted).join(', ')})${included}`)], isStricter ? this.#expect('UNIQUE', 'WRITE_FAILS') : null);
      }
      if (index?.nullsNotDistinct) yield this.#make('nulls distinct', [this.#drop(), this.#add(`unique (${columns.map(quoted).join(', ')})`)], wrong);
    } else {
      yield this.#make('unique instead', [this.#drop(), this.#add(`unique (${columns.map(quoted).join(', ')})`)], { ...wrong, atLeast: 'LATENT' });
    }
  }

  *exclusion(): Generator<Change> {
    const { definition } = this.#constraint;
    const wrong = this.#expect(['CHECK', 'UNIQUE', 'INDEX'], 'SILENT');
    if (definition.includes('&&')) yield this.#make('another operator', [this.#drop(), this.#add(definition.replace('&&', '='))], wrong);
    if (!definition.includes('WHERE')) yield this.#make('only for some rows', [this.#drop(), this.#add(`${definition} where (false)`)], wrong);
  }

  #drop(): string {
    return `alter table ${this.#table.sql} drop constraint ${this.#name} cascade`;
  }

  #add(definition: string): string {
    return `alter table ${this.#table.sql} add constraint ${this.#name} ${definition}`;
  }

  #expect(kind: Expectation['kind'], least: DriftEffect): Expectation {
    return { kind, table: this.#table.id, object: this.#constraint.name, atLeast: leastOf(this.#table, least) };
  }

  #make(change: string, sql: string[], expected: Expectation | null): Change {
    // A key that falls takes foreign keys along: nothing of that is harmless, however the key itself comes back.
    const { type, columns } = this.#constraint;
    const isTarget = (type === 'p' || type === 'u') && this.#table.referencedBy.some((target) => target.toSorted().join() === columns.toSorted().join());
    const fells = isTarget && sql[0] === this.#drop() && expected === null;
    const really: Expectation | null = fells ? { kind: 'FOREIGN_KEY', atLeast: 'SILENT', beside: ['FOREIGN_KEY'] } : expected;
    return { class: 'constraint', object: `${this.#table.id}#${this.#constraint.name}`, change, sql, expected: really };
  }
}
