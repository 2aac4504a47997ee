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
  ['comments', `comment on table jobs is 'x'`, `comment on column jobs.error is 'y'`, `comment on index jobs_status is 'z'`],
  ['statistics', 'create statistics s on job_type, status from jobs', 'alter table jobs alter column status set statistics 500', 'analyze jobs'],
  ['storage parameters', 'alter table jobs set (fillfactor = 70, autovacuum_enabled = false)', 'alter index jobs_status set (fillfactor = 60)', 'alter table jobs alter column error set storage external'],
  ['an index recreated the same', 'drop index jobs_status', 'create index jobs_status on jobs (status, created_at, id)'],
  ['a constraint recreated the same', 'alter table prospects drop constraint prospects_canonical_key', 'alter table prospects add unique (canonical_key)'],
  ['a unique index in the place of a unique constraint', 'alter table prospects drop constraint prospects_canonical_key', 'create unique index on prospects (canonical_key)'],
  ['an enum rebuilt the same', 'alter type role rename to old', `create type role as enum ('viewer', 'operator', 'admin')`, 'alter table api_keys alter column role type role using role::text::role', 'drop type old'],
  ['a check formatted otherwise', 'alter table prospects drop constraint prospects_display_name_length', 'alter table prospects add check (char_length(display_name) between 1 and 500)'],
  ['a function formatted otherwise', `create or replace function touch_updated_at() returns trigger language plpgsql as $$
     begin -- strictly rising
       new.updated_at := greatest(now(),   old.updated_at + interval '1 millisecond');
       return new;
     end $$`],
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
