import type { DriftEffect } from '../../../src/health/health.ts';
import type { Change, Expectation } from '../change.ts';
import { quoted, type Inventory, type Table } from '../inventory.ts';
import { GROUP, SERVER, STRANGER } from '../roles.ts';
import { isHistory, leastOf, rightsNeeded } from './tableRoles.ts';

/** Whole tables: gone, elsewhere, unprotected, swallowing writes; and what may be done to a table without any harm. */
export function* tableChanges({ tables }: Inventory): Generator<Change> {
  for (const table of tables) {
    if (isHistory(table) || (table.kind !== 'r' && table.kind !== 'p')) continue;
    yield* losses(table);
    yield* rights(table);
    yield* writesSwallowed(table);
    yield* harmless(table);
  }
}

function* losses(table: Table): Generator<Change> {
  const { id, sql, name, kind, persistence, referencedBy } = table;
  const whole = (kind_: Expectation['kind'], least: DriftEffect): Expectation => ({ kind: kind_, table: id, atLeast: leastOf(table, least) });
  const make = (change: string, sqls: string[], expected: Expectation): Change => ({ class: 'table', object: id, change, sql: sqls, expected });

  yield make('drop', [`drop table ${sql} cascade`], whole('MISSING_TABLE', 'FAILS'));
  yield make('rename', [`alter table ${sql} rename to ${quoted(`${name}_old`)}`], whole('RENAMED_TABLE', 'FAILS'));
  yield make('move', ['create schema archive', `alter table ${sql} set schema archive`], whole('MOVED_TABLE', 'FAILS'));
  yield make('owner', [`alter table ${sql} owner to ${STRANGER}`], whole('OWNER', 'LATENT'));
  if (persistence === 'u') yield make('logged', [`alter table ${sql} set logged`], { kind: 'PERSISTENCE', table: id, exactly: 'NONE' });
  else if (kind === 'r' && referencedBy.length === 0) yield make('unlogged', [`alter table ${sql} set unlogged`], whole('PERSISTENCE', 'CORRUPTION'));
  if (!table.isPartition) {
    yield make('view in its place', ['create schema archive', `alter table ${sql} set schema archive`, `create view ${sql} as select * from archive.${quoted(name)}`, `grant select, insert, update, delete on ${sql} to ${SERVER}`], whole('RELATION_KIND', 'WRITE_FAILS'));
  } else {
    yield make('detach', [`do $$ begin execute (select format('alter table %s detach partition ${sql}', inhparent::regclass) from pg_inherits where inhrelid = '${sql}'::regclass); end $$`], whole(['RELATION_KIND', 'MISSING_TABLE'], 'WRITE_FAILS'));
  }
}

function* rights(table: Table): Generator<Change> {
  const { id, sql } = table;
  const make = (change: string, sqls: string[], expected: Expectation | null): Change => ({ class: 'privilege', object: id, change, sql: sqls, expected, comparable: false });
  for (const right of ['SELECT', 'INSERT', 'UPDATE', 'DELETE']) {
    const least = right === 'SELECT' ? 'READ_FAILS' : 'WRITE_FAILS';
    const expected: Expectation = { kind: 'PRIVILEGE', table: id, atLeast: leastOf(table, least) };
    yield make(`revoke ${right}`, [`revoke ${right} on ${sql} from ${SERVER}`], rightsNeeded(table).includes(right) ? expected : null);
  }
  const all = 'select, insert, update, delete';
  yield make('through a group role', [`revoke all on ${sql} from ${SERVER}`, `grant ${all} on ${sql} to ${GROUP}`, `grant ${GROUP} to ${SERVER}`], null);
  yield make('to everybody', [`revoke all on ${sql} from ${SERVER}`, `grant ${all} on ${sql} to public`], null);
  yield make('column by column', [`revoke insert on ${sql} from ${SERVER}`, `grant insert (${table.columns.map((column) => quoted(column.name)).join(', ')}) on ${sql} to ${SERVER}`], null);
  if (table.rowSecurity) return;
  const hidden: Expectation = { kind: 'ROW_SECURITY', table: id, atLeast: leastOf(table, 'SILENT') };
  const security = (change: string, sqls: string[], expected: Expectation | null): Change => ({ class: 'row security', object: id, change, sql: sqls, expected, comparable: false });
  yield security('enable', [`alter table ${sql} enable row level security`], hidden);
  yield security('force', [`alter table ${sql} enable row level security`, `alter table ${sql} force row level security`], hidden);
  yield security('a policy that is not enabled', [`create policy nobody on ${sql} using (false)`], null);
}

const functionThat = (name: string, body: string) => `create function ${name}() returns trigger language plpgsql as $$ begin ${body} end $$`;

function* writesSwallowed(table: Table): Generator<Change> {
  const { id, sql } = table;
  const trigger = (change: string, sqls: string[], expected: Expectation | null): Change => ({ class: 'trigger', object: id, change, sql: sqls, expected });
  const swallow = functionThat('public.swallow', 'return null;');
  for (const event of ['insert', 'update', 'delete']) {
    const lost: Expectation = { kind: 'TRIGGER', table: id, object: 'intruder', atLeast: leastOf(table, 'LOST_WRITE') };
    yield trigger(`swallow ${event}`, [swallow, `create trigger intruder before ${event} on ${sql} for each row execute function public.swallow()`], lost);
  }
  yield trigger('one more, after', [swallow, `create trigger intruder after insert on ${sql} for each row execute function public.swallow()`], { kind: 'TRIGGER', table: id, object: 'intruder', atLeast: 'LATENT' });
  yield trigger('one that is disabled', [swallow, `create trigger intruder before insert on ${sql} for each row execute function public.swallow()`, `alter table ${sql} disable trigger intruder`], null);

  const rule = (change: string, sqls: string[], expected: Expectation | null): Change => ({ class: 'rule', object: id, change, sql: sqls, expected });
  for (const event of ['insert', 'update', 'delete']) {
    yield rule(`swallow ${event}`, [`create rule intruder as on ${event} to ${sql} do instead nothing`], { kind: 'RULE', table: id, object: 'intruder', atLeast: leastOf(table, 'LOST_WRITE') });
  }
  yield rule('one more, also', [`create rule intruder as on insert to ${sql} do also notify matrix`], { kind: 'RULE', table: id, object: 'intruder', atLeast: 'LATENT' });
  yield rule('one that is disabled', [`create rule intruder as on insert to ${sql} do instead nothing`, `alter table ${sql} disable rule intruder`], null);
}

function* harmless(table: Table): Generator<Change> {
  const { id, sql, kind, columns } = table;
  const make = (change: string, ...sqls: string[]): Change => ({ class: 'table', object: id, change, sql: sqls, expected: null });
  const first = quoted(columns[0]?.name ?? '');
  yield make('comment', `comment on table ${sql} is 'looked at'`);
  yield make('analyze', `analyze ${sql}`);
  yield make('add and drop a column', `alter table ${sql} add column passing text`, `alter table ${sql} drop column passing`);
  yield make('statistics', `alter table ${sql} alter column ${first} set statistics 500`);
  yield make('of the same name elsewhere', 'create schema archive', `create table archive.${quoted(table.name)} (like ${sql} including all)`);
  yield make('a view on it elsewhere', 'create schema archive', `create view archive.report as select * from ${sql}`);
  if (columns.length > 1) yield make('extended statistics', `create statistics public.passing on ${quoted(columns[0]?.name ?? '')}, ${quoted(columns[1]?.name ?? '')} from ${sql}`);
  if (kind === 'r') {
    yield make('storage parameters', `alter table ${sql} set (fillfactor = 70, autovacuum_enabled = false)`);
    yield make('replica identity', `alter table ${sql} replica identity full`);
    yield make('publication', `create publication passing for table ${sql}`);
  }
  yield make('temporary copy', `create temporary table copied as select * from ${sql}`);
}
