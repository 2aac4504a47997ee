import type { DriftEffect } from '../../../src/health/health.ts';
import type { Change, Expectation } from '../change.ts';
import { quoted, type Inventory, type Sequence } from '../inventory.ts';
import { SERVER } from '../roles.ts';

/** Sequences: gone, behind the rows, near their end, of another step; the column that draws from another one. */
export function* sequenceChanges({ sequences, tables }: Inventory): Generator<Change> {
  for (const sequence of sequences) {
    const { id, sql, owned, table, column, max, name } = sequence;
    const make = (change: string, statements: string[], expected: Expectation | null): Change => ({ class: 'sequence', object: id, change, sql: statements, expected });
    const wrong = (least: DriftEffect): Expectation => ({ kind: ['SEQUENCE', 'COLUMN_DEFAULT'], atLeast: least });
    const drawing = tables.find(({ columns }) => columns.some((one) => one.default?.includes(`'${name}'`) || one.default?.includes(`'${id}'`)));
    const isMemory = table?.startsWith('schema_') ?? false;
    if (owned !== 'i') {
      yield make('drop', [`drop sequence ${sql} cascade`], wrong('LATENT'));
      yield { ...make('revoke', [`revoke all on sequence ${sql} from ${SERVER}`], { kind: 'PRIVILEGE', atLeast: 'WRITE_FAILS' }), class: 'privilege', comparable: false };
      yield { ...make('revoke usage only', [`revoke usage on sequence ${sql} from ${SERVER}`], null), class: 'privilege', comparable: false };
    }
    if (owned === 'a' && table !== null && column !== null) {
      yield make('another one draws', ['create sequence public.stranger', `grant usage on sequence public.stranger to ${SERVER}`, `alter table ${table} alter column ${quoted(column)} set default nextval('public.stranger')`], wrong('LATENT'));
    }
    yield make('rename', [`alter sequence ${sql} rename to renamed`], owned === null && drawing === undefined ? wrong('LATENT') : null);
    yield make('comment', [`comment on sequence ${sql} is 'looked at'`], null);
    // What setval does outlasts a rollback, unless the sequence was made anew in the same transaction.
    const set = (value: string) => [`alter sequence ${sql} restart`, `select setval('${sql}', ${value})`];
    yield make('advance', set('1000'), null);
    yield make('cache', [`alter sequence ${sql} cache 20`], null);
    yield make('near its end', set(`${BigInt(max) - 10n}`), wrong('LATENT'));
    yield make('at its end', set(max), wrong(isMemory ? 'LATENT' : 'WRITE_FAILS'));
    yield make('backwards', [`alter sequence ${sql} increment -1 minvalue -100 start 1`], wrong('LATENT'));
    yield make('cycle', [`alter sequence ${sql} cycle`], wrong('LATENT'));
    if (sequence.type !== 'smallint') yield make('smaller', [`alter sequence ${sql} as smallint`], wrong('LATENT'));
    yield* behind(sequence, tables, make, wrong);
  }
}

/** One row with a number that the sequence has still to give. */
function* behind(
  { sql, table, column }: Sequence,
  tables: Inventory['tables'],
  make: (change: string, statements: string[], expected: Expectation | null) => Change,
  wrong: (least: DriftEffect) => Expectation,
): Generator<Change> {
  const owner = tables.find((one) => one.id === table || one.sql === table || quoted(one.name) === table);
  if (!owner || column === null) return;
  const others = owner.columns.filter((one) => one.name !== column && one.notNull && one.default === null && one.generated === '');
  const names = [column, ...others.map(({ name }) => name)].map(quoted).join(', ');
  const values = ['5000', ...others.map(({ type, category }) => sampleOf(type, category))].join(', ');
  const insert = `insert into ${owner.sql} (${names}) overriding system value values (${values})`;
  const least: DriftEffect = owner.name.startsWith('schema_') ? 'LATENT' : 'WRITE_FAILS';
  yield make('behind the rows', ['set local session_replication_role = replica', insert, 'set local session_replication_role = origin', `alter sequence ${sql} restart`, `select setval('${sql}', 4999)`], wrong(least));
  yield make('abreast of the rows', ['set local session_replication_role = replica', insert, 'set local session_replication_role = origin', `alter sequence ${sql} restart`, `select setval('${sql}', 5000)`], null);
}

function sampleOf(type: string, category: string): string {
  if (category === 'A') return `'{}'`;
  if (category === 'N') return '1';
  if (category === 'D') return 'now()';
  return type === 'uuid' ? 'gen_random_uuid()' : type.startsWith('json') ? `'{}'` : `'x'`;
}
