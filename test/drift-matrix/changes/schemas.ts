import type { Change, Expectation } from '../change.ts';
import { quoted, type Inventory } from '../inventory.ts';
import { GROUP, SERVER } from '../roles.ts';
import { isHistory, leastOf } from './tableRoles.ts';

/** What stands around the tables: schemas, search_path, extensions, domains, and other people's objects. */
export function* schemaChanges(inventory: Inventory): Generator<Change> {
  yield* usage(inventory);
  yield* searchPaths(inventory);
  yield* extensions(inventory);
  yield* domains(inventory);
  yield* strangers(inventory);
}

function* usage({ schemas }: Inventory): Generator<Change> {
  for (const schema of schemas) {
    const revoke = `revoke all on schema ${quoted(schema)} from ${SERVER}, public`;
    const make = (change: string, sql: string[], expected: Expectation | null): Change => ({ class: 'privilege', object: schema, change, sql, expected, comparable: false });
    yield make('revoke USAGE', [revoke], { kind: 'PRIVILEGE', object: schema, atLeast: 'FAILS' });
    yield make('USAGE through a group role', [revoke, `grant usage on schema ${quoted(schema)} to ${GROUP}`, `grant ${GROUP} to ${SERVER}`], null);
    yield make('USAGE through a role that does not inherit', [revoke, `grant usage on schema ${quoted(schema)} to ${GROUP}`, `alter role ${SERVER} noinherit`, `grant ${GROUP} to ${SERVER}`], { kind: 'PRIVILEGE', object: schema, atLeast: 'FAILS' });
    yield make('one right more', [`grant create on schema ${quoted(schema)} to ${SERVER}`], null);
  }
}

function* searchPaths({ schemas: [main = 'public'], tables }: Inventory): Generator<Change> {
  const make = (object: string, change: string, sql: string[], expected: Expectation | null): Change => ({ class: 'search_path', object, change, sql: ['create schema archive', `grant usage on schema archive to ${SERVER}`, ...sql], expected, comparable: false });
  yield make(main, 'does not lead here', ['set local search_path = archive'], { kind: 'SEARCH_PATH', atLeast: 'FAILS' });
  yield make(main, 'leads on to another schema', [`set local search_path = ${quoted(main)}, archive`], null);
  yield make(main, 'leads through an empty schema', [`set local search_path = archive, ${quoted(main)}`], null);
  for (const table of tables) {
    const { id, name, schema, kind } = table;
    if (schema !== main || kind === 'v' || kind === 'm') continue;
    yield make(id, 'in the shadow of another', [`create table archive.${quoted(name)} (id integer)`, `set local search_path = archive, ${quoted(main)}`], { kind: 'SEARCH_PATH', table: id, atLeast: isHistory(table) ? 'LATENT' : leastOf(table, 'SILENT'), beside: ['HISTORY_DUPLICATED'] });
    yield make(id, 'in no shadow', [`create table archive.${quoted(name)} (id integer)`, `set local search_path = ${quoted(main)}, archive`], null);
  }
}

function* extensions({ extensions: names, schemas: [main = 'public'] }: Inventory): Generator<Change> {
  const make = (object: string, change: string, sql: string[], expected: Expectation | null): Change => ({ class: 'extension', object, change, sql, expected, comparable: false });
  for (const name of names) {
    const wrong: Expectation = { kind: 'EXTENSION', object: name, atLeast: 'LATENT' };
    // An index over its operators falls with it, and nothing in the index says where they came from.
    yield make(name, 'drop', [`drop extension ${quoted(name)} cascade`], { ...wrong, beside: ['UNIQUE'] });
    yield make(name, 'move', ['create schema archive', `grant usage on schema archive to ${SERVER}`, `alter extension ${quoted(name)} set schema archive`], { ...wrong, beside: ['COLUMN_TYPE', 'INDEX', 'CHECK', 'COLUMN_DEFAULT', 'FUNCTION'] });
    yield make(name, 'older', [`update pg_extension set extversion = '1.0' where extname = '${name}'`], wrong);
    yield make(name, 'comment', [`comment on extension ${quoted(name)} is 'looked at'`], null);
  }
  for (const other of ['pg_trgm', 'hstore'].filter((one) => !names.includes(one))) yield make(other, 'one more', [`create extension ${other} schema ${quoted(main)}`], null);
}

function* domains({ domains: list }: Inventory): Generator<Change> {
  for (const { id, sql, constraints, notNull } of list) {
    const make = (change: string, statements: string[], expected: Expectation | null): Change => ({ class: 'domain', object: id, change, sql: statements, expected, comparable: false });
    const wrong = (atLeast: Expectation['atLeast']): Expectation => ({ kind: ['CHECK', 'COLUMN_TYPE', 'COLUMN_NULLABILITY'], atLeast, beside: ['CHECK', 'COLUMN_TYPE', 'COLUMN_NULLABILITY'] });
    for (const name of constraints) {
      yield make(`without ${name}`, [`alter domain ${sql} drop constraint ${quoted(name)}`], wrong('SILENT'));
      yield make(`rename ${name}`, [`alter domain ${sql} rename constraint ${quoted(name)} to renamed`], null);
    }
    yield make('stricter', [`alter domain ${sql} add constraint stranger check (value::text <> 'never')`], wrong('WRITE_FAILS'));
    yield make(notNull ? 'drop not null' : 'set not null', [`alter domain ${sql} ${notNull ? 'drop' : 'set'} not null`], wrong(notNull ? 'SILENT' : 'WRITE_FAILS'));
    yield make('drop', [`drop domain ${sql} cascade`], { kind: ['MISSING_COLUMN', 'COLUMN_TYPE', 'CHECK'], atLeast: 'FAILS', beside: ['MISSING_COLUMN'] });
    yield make('comment', [`comment on domain ${sql} is 'looked at'`], null);
  }
}

function* strangers({ schemas: [main = 'public'] }: Inventory): Generator<Change> {
  const make = (object: string, sql: string[], expected: Expectation | null): Change => ({ class: 'strangers', object, change: 'one more', sql, expected });
  const here = quoted(main);
  yield make('table', [`create table ${here}.stranger (id integer)`], { kind: 'EXTRA_TABLE', table: 'stranger', exactly: 'NONE' });
  yield make('view', [`create view ${here}.stranger as select 1 as id`], { kind: 'EXTRA_TABLE', table: 'stranger', exactly: 'NONE' });
  yield make('enum', [`create type ${here}.stranger as enum ('one')`], null);
  yield make('sequence', [`create sequence ${here}.stranger`], null);
  yield make('domain', [`create domain ${here}.stranger as text`], null);
  yield make('schema', ['create schema archive', 'create table archive.stranger (id integer primary key)'], null);
  yield make('publication', ['create publication stranger'], null);
  yield make('event trigger', [`create function ${here}.stranger() returns event_trigger language plpgsql as $$ begin end $$`, `create event trigger stranger on sql_drop execute function ${here}.stranger()`], null);
  yield make('role', ['create role drift_matrix_passing'], null);
  yield make('cast', [`create cast (text as json) with inout as assignment`], null);
  yield make('default privileges', [`alter default privileges grant select on tables to ${SERVER}`], null);
}
