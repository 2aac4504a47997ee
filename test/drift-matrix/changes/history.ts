import type { Change, Expectation } from '../change.ts';
import type { Inventory } from '../inventory.ts';
import { SERVER } from '../roles.ts';

const table = 'schema_migrations';

/** History tables of other tools, each as that tool makes it. */
const foreign: Record<string, string> = {
  alembic_version: 'create table alembic_version (version_num varchar(32) primary key)',
  knex_migrations: 'create table knex_migrations (id serial primary key, name text, batch int, migration_time timestamptz)',
  _prisma_migrations: 'create table _prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name text not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count int not null default 0)',
  flyway_schema_history: 'create table flyway_schema_history (installed_rank int primary key, version text, description text, type text, script text, checksum int, installed_by text, installed_on timestamp, execution_time int, success boolean)',
  mikro_orm_migrations: 'create table mikro_orm_migrations (id serial primary key, name varchar(255), executed_at timestamptz default now())',
  SequelizeMeta: 'create table "SequelizeMeta" (name varchar(255) primary key)',
  django_migrations: 'create table django_migrations (id bigserial primary key, app text, name text, applied timestamptz)',
  goose_db_version: 'create table goose_db_version (id serial primary key, version_id bigint, is_applied boolean, tstamp timestamp)',
  __drizzle_migrations: 'create table __drizzle_migrations (id serial primary key, hash text, created_at bigint)',
};

/** The migrations' history: rows gone, doubled, changed, unknown, half applied; the table gone, doubled, unreadable. */
export function* historyChanges({ migrations, schemas: [main = 'public'] }: Inventory): Generator<Change> {
  const make = (object: string, change: string, sql: string[], expected: Expectation | null): Change => ({ class: 'history', object, change, sql, expected, comparable: false });
  const of = (kind: Expectation['kind'], object?: string): Expectation => ({ kind, object, atLeast: 'LATENT' });
  for (const [index, name] of migrations.entries()) {
    const row = `where name = '${name}'`;
    const isLast = index === migrations.length - 1;
    if (migrations.length > 1) yield make(name, 'row deleted', [`delete from ${table} ${row}`], { ...of(isLast ? 'MIGRATION_EFFECT_PRESENT' : ['MIGRATION_EFFECT_PRESENT', 'MIGRATION_OUT_OF_ORDER'], name), beside: ['MIGRATION_PENDING', 'MIGRATION_OUT_OF_ORDER'] });
    yield make(name, 'checksum changed', [`update ${table} set checksum = md5(name) ${row}`], of('MIGRATION_CHANGED', name));
    yield make(name, 'half applied', [`update ${table} set finished = false, statements_applied = 1 ${row}`], of('MIGRATION_HALF_APPLIED', name));
    yield make(name, 'twice', [`alter table ${table} drop constraint ${table}_pkey`, `insert into ${table} select * from ${table} ${row}`], { ...of('MIGRATION_DUPLICATE', name), beside: ['PRIMARY_KEY', 'HISTORY_CORRUPT'] });
    yield make(name, 'renamed', [`update ${table} set name = '${name}_of_a_branch' ${row}`], { ...of(['MIGRATION_FORKED', 'MIGRATION_UNKNOWN']), beside: ['MIGRATION_UNKNOWN', 'MIGRATION_PENDING', 'MIGRATION_OUT_OF_ORDER', 'MIGRATION_EFFECT_PRESENT', 'MIGRATION_FORKED'] });
    yield make(name, 'applied at another time by somebody else', [`update ${table} set applied_at = now() - interval '1 day', applied_by = 'somebody', duration_ms = 7 ${row}`], null);
  }
  const ahead = `insert into ${table} select '9999_ahead', checksum, applied_at, applied_by, duration_ms, statements_applied, statement_count, outrider_version, finished from ${table} limit 1`;
  yield make(table, 'ahead', [ahead], of('MIGRATION_UNKNOWN', '9999_ahead'));
  yield make(table, 'forked', [ahead.replace('9999_ahead', '0000_elsewhere')], of('MIGRATION_FORKED'));
  yield make(table, 'empty', [`delete from ${table}`], of('HISTORY_EMPTY'));
  yield make(table, 'drop', [`drop table ${table}`], of('HISTORY_MISSING'));
  yield make(table, 'rename', [`alter table ${table} rename to ${table}_old`], of(['HISTORY_MISSING', 'RENAMED_TABLE']));
  yield make(table, 'move', ['create schema archive', `alter table ${table} set schema archive`], of(['HISTORY_MISSING', 'MOVED_TABLE', 'HISTORY_DUPLICATED']));
  yield make(table, 'unreadable', [`revoke select on ${table} from ${SERVER}`], { ...of('HISTORY_UNREADABLE'), beside: ['PRIVILEGE'] });
  yield make(table, 'doubled', ['create schema archive', `create table archive.${table} as select * from ${table}`], of('HISTORY_DUPLICATED'));
  yield make(table, 'without a name', [`alter table ${table} drop constraint ${table}_pkey`, `alter table ${table} alter column name drop not null`, `update ${table} set name = null`], { ...of('HISTORY_CORRUPT'), beside: ['PRIMARY_KEY', 'COLUMN_NULLABILITY'] });
  for (const column of ['name', 'checksum', 'finished', 'statements_applied']) {
    yield make(table, `without the column ${column}`, [`alter table ${table} drop column ${column} cascade`], { ...of(['HISTORY_CORRUPT', 'MISSING_COLUMN']), beside: ['MISSING_COLUMN', 'HISTORY_CORRUPT'] });
  }
  yield make(table, 'comment', [`comment on table ${table} is 'looked at'`], null);
  for (const [name, sql] of Object.entries(foreign)) yield make(name, 'of another tool', [`set local search_path = "${main}"`, sql], { kind: 'HISTORY_FOREIGN', exactly: 'NONE', beside: ['EXTRA_TABLE'] });
}
