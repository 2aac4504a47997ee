import { reportAfter } from './support.ts';

const cases: [what: string, ...statements: string[]][] = [
  ['nothing', 'select 1'],
  [
    'columns in another order',
    'alter table rate_limits rename to old',
    'create table rate_limits (expire bigint, points int not null default 0, key varchar(255) primary key)',
    'drop table old',
  ],
  ['residue of a dropped column', 'alter table jobs add column gone text', 'alter table jobs drop column gone'],
  ['renamed constraints', 'alter table jobs rename constraint jobs_counters_not_negative to a', 'alter table job_chunks rename constraint job_chunks_job_id_foreign to b', 'alter table prospects rename constraint prospects_canonical_key to c'],
  ['renamed indexes', 'alter index jobs_status rename to status_of_jobs'],
  ['a primary key made again under another name from an index', 'alter table workers drop constraint workers_pkey', 'create unique index w on workers (id)', 'alter table workers add constraint other primary key using index w'],
  ['a foreign key made again under another name, with its defaults spelled out', 'alter table job_chunks drop constraint job_chunks_job_id_foreign', 'alter table job_chunks add constraint other foreign key (job_id) references jobs (id) match simple on delete cascade on update no action not deferrable initially immediate'],
  ['a check in two parts', 'alter table prospects drop constraint prospects_display_name_length', 'alter table prospects add check (char_length(display_name) >= 1)', 'alter table prospects add check (char_length(display_name) <= 500)'],
  ['two checks in one', 'alter table prospects drop constraint prospects_display_name_length, drop constraint prospects_canonical_key_length', 'alter table prospects add check (length(display_name) between 1 and 500 and length(canonical_key) between 1 and 2048)'],
  ['a check that is there twice', 'alter table prospects add check (follower_count >= 0)'],
  ['a check that refuses nothing that ours accept', 'alter table prospects add check (follower_count > -10)'],
  ['a check in the place of NOT NULL', 'alter table workers alter column name drop not null', 'alter table workers add check (name is not null)'],
  ['an index with its operator classes, order and collation spelled out', 'drop index jobs_status, prospects_display_name', 'create index on jobs using btree (status enum_ops asc nulls last, created_at timestamptz_ops, id uuid_ops)', 'create index on prospects (lower(display_name) collate "default" text_ops, id)'],
  ['included columns in another order', 'drop index pgboss.queue_stats_i1', 'create index queue_stats_i1 on pgboss.queue_stats (name, captured_on desc) include (total_count, failed_count, active_count, ready_count, queued_count, deferred_count)'],
  ['a trigger renamed, made again, and enabled always', 'alter trigger jobs_touch on jobs rename to z', 'drop trigger templates_touch on templates', 'create trigger y before update on templates for each row execute procedure touch_updated_at()', 'alter table jobs enable always trigger z'],
  ['triggers of somebody else that are disabled or fire in replicas', 'create function f() returns trigger language plpgsql as $$ begin return null; end $$', 'create trigger a before insert on jobs for each row execute function f()', 'create trigger b before insert on jobs for each row execute function f()', 'alter table jobs disable trigger a', 'alter table jobs enable replica trigger b'],
  ['a name that was changed and taken back', 'alter type job_status rename to x', 'alter type x rename to job_status', `alter type job_status rename value 'failed' to 'f'`, `alter type job_status rename value 'f' to 'failed'`, 'alter table prospects rename column draft_subject to x', 'alter table prospects rename column x to draft_subject'],
  ['a column dropped and added again', 'alter table jobs drop column error', 'alter table jobs add column error text'],
  ['replica identity, clustering, compression and what it costs to call a function', 'alter table jobs replica identity full', 'cluster jobs using jobs_status', 'alter table jobs alter column parameters set compression pglz', 'alter function touch_updated_at() cost 500'],
  ['a foreign table, a domain and a policy of others', 'create extension postgres_fdw', 'create domain d as text check (value <> $$$$)', 'create schema far', 'create server s foreign data wrapper postgres_fdw', 'create foreign table far.jobs (id int) server s'],
  ['comments', `comment on table jobs is 'x'`, `comment on column jobs.error is 'y'`, `comment on index jobs_status is 'z'`],
  ['statistics', 'create statistics s on job_type, status from jobs', 'alter table jobs alter column status set statistics 500', 'analyze jobs'],
  ['storage parameters', 'alter table jobs set (fillfactor = 70, autovacuum_enabled = false)', 'alter index jobs_status set (fillfactor = 60)', 'alter table jobs alter column error set storage external'],
  ['an index recreated the same', 'drop index jobs_status', 'create index jobs_status on jobs (status, created_at, id)'],
  ['a constraint recreated the same', 'alter table prospects drop constraint prospects_canonical_key', 'alter table prospects add unique (canonical_key)'],
  ['a key that takes NULLs for equal, where no NULL can be', 'alter table prospects drop constraint prospects_canonical_key', 'alter table prospects add unique nulls not distinct (canonical_key)'],
  ['a unique index in the place of a unique constraint', 'alter table prospects drop constraint prospects_canonical_key', 'create unique index on prospects (canonical_key)'],
  ['an enum rebuilt the same', 'alter type role rename to old', `create type role as enum ('viewer', 'operator', 'admin')`, 'alter table api_keys alter column role type role using role::text::role', 'drop type old'],
  ['a check formatted otherwise', 'alter table prospects drop constraint prospects_display_name_length', 'alter table prospects add check (char_length(display_name) between 1 and 500)'],
  ['a function formatted otherwise', `create or replace function touch_updated_at() returns trigger language plpgsql as $$
     begin -- strictly rising
       new.updated_at := greatest(now(),   old.updated_at + interval '1 millisecond');
       return new;
     end $$`],
  ['a function in capitals, with other quotes and a semicolon', `create or replace function refuse_change() returns trigger language plpgsql as $x$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END;
$x$`],
  ['settings of a function that were written with quotes', 'set quote_all_identifiers = on; alter function record_schema_change() set search_path = pg_catalog, pg_temp'],
  ['objects in other schemas', 'create schema other', 'create table other.jobs (id int)', 'create view other.v as select 1 as one', 'create type other.role as enum (\'a\')'],
  ['another function, type and sequence of our schema', 'create function ours_not() returns int language sql return 1', `create type mood as enum ('fine')`, 'create sequence counter'],
  ['a publication', 'create publication p for table jobs'],
  ['an event trigger of somebody else', 'create function log_ddl() returns event_trigger language plpgsql as $$ begin end $$', 'create event trigger log_ddl on ddl_command_end execute function log_ddl()'],
  ['rows', `insert into jobs (id, job_type) values (gen_random_uuid(), 'draft')`, 'vacuum (analyze, freeze) jobs'],
  ['a partition that the queue makes', `select pgboss.create_queue('drafts', '{"policy": "standard", "partition": true}')`],
];

describe('a check of the schema is silent about', () => {
  test.each(cases)('%s', async (_, ...statements) => {
    const { status, drift } = await reportAfter(...statements);

    expect(drift).toEqual([]);
    expect(status).toBe('READY');
  });
});
