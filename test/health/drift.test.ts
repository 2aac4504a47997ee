import type { SchemaDrift } from '../../src/health/health.ts';
import { causeIn, reportAfter } from './support.ts';

type Expectation = [what: string, statements: string | string[], drift: Partial<SchemaDrift>];

const cases: Expectation[] = [
  ['a missing table', 'drop table workers', { kind: 'MISSING_TABLE', table: 'workers', effect: 'FAILS', sqlState: '42P01' }],
  ['a lost table of limits', 'drop table rate_limits', { kind: 'MISSING_TABLE', table: 'rate_limits', message: expect.stringContaining('Each server keeps the rate of each key by itself') }],
  ['a lost key that ON CONFLICT needs', 'alter table rate_limits drop constraint rate_limits_pkey', { kind: 'PRIMARY_KEY', table: 'rate_limits', message: expect.stringContaining('Each server keeps the rate of each key by itself') }],
  ['a lost table of keys', 'drop table api_keys', { kind: 'MISSING_TABLE', table: 'api_keys', message: expect.stringContaining('OUTRIDER_TOKEN and JWTs are let in') }],
  ['a table that is not ours', 'create table guests (id int)', { kind: 'EXTRA_TABLE', table: 'guests', effect: 'NONE', severity: 'INFO' }],
  ['a renamed table', 'alter table jobs rename to tasks', { kind: 'RENAMED_TABLE', table: 'jobs', expected: 'jobs', actual: 'tasks', effect: 'FAILS' }],
  ['a table moved to another schema', ['create schema archive', 'alter table social_profiles set schema archive'], { kind: 'MOVED_TABLE', table: 'social_profiles', effect: 'FAILS', actual: 'archive.social_profiles' }],
  ['an unlogged table', 'alter table activities set unlogged', { kind: 'PERSISTENCE', table: 'activities', effect: 'CORRUPTION' }],
  ['a view in the place of a table', ['alter table workers rename to processes', 'create view workers as select * from processes'], { kind: 'RELATION_KIND', table: 'workers', expected: 'table', actual: 'view' }],
  ['a missing column', 'alter table jobs drop column drafts_created', { kind: 'MISSING_COLUMN', table: 'jobs', column: 'drafts_created', effect: 'FAILS', sqlState: '42703', expected: 'integer' }],
  ['a renamed column', 'alter table jobs rename column total_targets to total_target', { kind: 'RENAMED_COLUMN', table: 'jobs', column: 'total_targets', expected: 'total_targets', actual: 'total_target' }],
  ['a harmless extra column', 'alter table jobs add column note text', { kind: 'EXTRA_COLUMN', table: 'jobs', column: 'note', effect: 'NONE', severity: 'INFO' }],
  ['an extra column that blocks inserts', 'alter table jobs add column note text not null', { kind: 'EXTRA_COLUMN', table: 'jobs', column: 'note', effect: 'WRITE_FAILS', sqlState: '23502' }],
  ['a column of another type', 'alter table jobs alter column error type jsonb using null', { kind: 'COLUMN_TYPE', table: 'jobs', column: 'error', expected: 'text', actual: 'jsonb', effect: 'FAILS' }],
  ['a text that became shorter', 'alter table jobs alter column error type varchar(10)', { kind: 'COLUMN_TYPE', column: 'error', actual: 'character varying(10)', effect: 'WRITE_FAILS', sqlState: '22001' }],
  ['a time without its zone', 'alter table workers alter column seen_at type timestamp(3)', { kind: 'COLUMN_TYPE', column: 'seen_at', effect: 'SILENT' }],
  ['a column that refuses NULL', 'alter table jobs alter column error set not null', { kind: 'COLUMN_NULLABILITY', column: 'error', effect: 'WRITE_FAILS', sqlState: '23502', expected: 'nullable' }],
  ['a column that accepts NULL', 'alter table workers alter column name drop not null', { kind: 'COLUMN_NULLABILITY', column: 'name', effect: 'SILENT', expected: 'NOT NULL' }],
  ['a lost default', 'alter table jobs alter column drafts_created drop default', { kind: 'COLUMN_DEFAULT', column: 'drafts_created', effect: 'WRITE_FAILS', expected: '0', actual: 'no default' }],
  ['another default', 'alter table jobs alter column attempt set default 2', { kind: 'COLUMN_DEFAULT', column: 'attempt', effect: 'SILENT', expected: '1', actual: '2' }],
  ['a column that is generated no more', 'alter table jobs alter column processed drop expression', { kind: 'COLUMN_GENERATED', column: 'processed', effect: 'SILENT' }],
  ['another collation', 'alter table jobs alter column error type text collate "C"', { kind: 'COLUMN_COLLATION', column: 'error', expected: 'default', actual: 'C' }],
  ['a missing primary key', 'alter table workers drop constraint workers_pkey', { kind: 'PRIMARY_KEY', table: 'workers', object: 'workers_pkey', effect: 'SILENT' }],
  ['a missing unique key', 'alter table prospects drop constraint prospects_canonical_key', { kind: 'UNIQUE', table: 'prospects', object: 'prospects_canonical_key', effect: 'SILENT' }],
  ['a key that is not unique any more', ['alter table prospects drop constraint prospects_canonical_key', 'create index prospects_canonical_key on prospects (canonical_key)'], { kind: 'UNIQUE', object: 'prospects_canonical_key' }],
  ['a unique index that is not ours', 'create unique index one_error on jobs (error)', { kind: 'UNIQUE', object: 'one_error', effect: 'WRITE_FAILS', sqlState: '23505' }],
  ['a missing foreign key', 'alter table job_chunks drop constraint job_chunks_job_id_foreign', { kind: 'FOREIGN_KEY', table: 'job_chunks', effect: 'SILENT' }],
  [
    'a foreign key with another action',
    ['alter table job_chunks drop constraint job_chunks_job_id_foreign', 'alter table job_chunks add constraint job_chunks_job_id_foreign foreign key (job_id) references jobs'],
    { kind: 'FOREIGN_KEY', table: 'job_chunks', effect: 'WRITE_FAILS', sqlState: '23503' },
  ],
  ['a foreign key that is not enforced', 'alter table job_chunks disable trigger all', { kind: 'FOREIGN_KEY', table: 'job_chunks', actual: 'not enforced' }],
  ['a missing check', 'alter table prospects drop constraint prospects_follower_count_not_negative', { kind: 'CHECK', table: 'prospects', object: 'prospects_follower_count_not_negative', effect: 'SILENT' }],
  [
    'another check of the same name',
    ['alter table prospects drop constraint prospects_follower_count_not_negative', 'alter table prospects add constraint prospects_follower_count_not_negative check (follower_count >= 10)'],
    { kind: 'CHECK', object: 'prospects_follower_count_not_negative', actual: 'check (follower_count >= 10)' },
  ],
  ['a check that is not ours', 'alter table prospects add constraint never check (follower_count < 10)', { kind: 'CHECK', object: 'never', effect: 'WRITE_FAILS', sqlState: '23514' }],
  [
    'a check that was never validated',
    ['alter table prospects drop constraint prospects_follower_count_not_negative', 'alter table prospects add constraint prospects_follower_count_not_negative check (follower_count >= 0) not valid'],
    { kind: 'NOT_VALID_CONSTRAINT', object: 'prospects_follower_count_not_negative', severity: 'WARNING' },
  ],
  ['a missing index', 'drop index jobs_status', { kind: 'INDEX', table: 'jobs', object: 'jobs_status', effect: 'SLOW', severity: 'WARNING' }],
  ['an index over other columns', ['drop index jobs_status', 'create index jobs_status on jobs (status)'], { kind: 'INDEX', object: 'jobs_status', effect: 'SLOW' }],
  ['an index in another order', ['drop index jobs_status', 'create index jobs_status on jobs (status, created_at desc, id)'], { kind: 'INDEX', object: 'jobs_status', effect: 'SLOW' }],
  ['an index with another predicate', ['drop index job_targets_failed', `create index job_targets_failed on job_targets (job_id, code, ordinal) where outcome = 'skipped'`], { kind: 'INDEX', object: 'job_targets_failed' }],
  ['an index by another method', ['drop index prospects_tags', 'create index prospects_tags on prospects (tags)'], { kind: 'INDEX', object: 'prospects_tags' }],
  ['a unique key that is there twice', 'create unique index again on prospects (canonical_key)', { kind: 'EXTRA_INDEX', object: 'again', effect: 'NONE' }],
  ['a constraint that was renamed and is not validated', ['alter table job_chunks drop constraint job_chunks_job_id_foreign', 'alter table job_chunks add constraint of_job foreign key (job_id) references jobs on delete cascade not valid'], { kind: 'NOT_VALID_CONSTRAINT', object: 'of_job', effect: 'SILENT' }],
  ['an index that is not ours', 'create index more on jobs (error)', { kind: 'EXTRA_INDEX', object: 'more', effect: 'NONE' }],
  [
    'an index left INVALID by a build that failed',
    ['drop index jobs_status', `insert into jobs (id, job_type) select gen_random_uuid(), 'draft' from generate_series(1, 2)`, 'fails:create unique index concurrently jobs_status on jobs (status)'],
    { kind: 'INDEX', object: 'jobs_status' },
  ],
  ['a missing enum value', [`alter type job_type rename to old`, `create type job_type as enum ('import', 'discover', 'draft', 'send')`, 'alter table jobs alter column job_type type job_type using job_type::text::job_type', 'drop type old'], { kind: 'ENUM', object: 'job_type', effect: 'FAILS', sqlState: '22P02' }],
  ['an enum value that we do not know', `alter type job_type add value 'teleport'`, { kind: 'ENUM', object: 'job_type', effect: 'LATENT', severity: 'WARNING' }],
  ['an enum in another order', ['alter type role rename to old', `create type role as enum ('admin', 'operator', 'viewer')`, 'alter table api_keys alter column role type role using role::text::role', 'drop type old'], { kind: 'ENUM', object: 'role', effect: 'SILENT' }],
  ['a missing enum', 'drop type role cascade', { kind: 'ENUM', object: 'role', effect: 'FAILS' }],
  ['a missing trigger', 'drop trigger jobs_touch on jobs', { kind: 'TRIGGER', table: 'jobs', object: 'jobs_touch', effect: 'SILENT' }],
  ['a disabled trigger', 'alter table jobs disable trigger jobs_touch', { kind: 'TRIGGER', object: 'jobs_touch', actual: 'disabled' }],
  [
    'a trigger that swallows writes',
    ['create function swallow() returns trigger language plpgsql as $$ begin return null; end $$', 'create trigger swallow before insert on jobs for each row execute function swallow()'],
    { kind: 'TRIGGER', object: 'swallow', effect: 'LOST_WRITE', affects: ['Mutation.startDraftJob'] },
  ],
  ['a role that writes as replication does', `do $$ begin execute format('alter database %I set session_replication_role = replica', current_database()); end $$`, { kind: 'TRIGGER', object: 'session_replication_role', effect: 'SILENT' }],
  ['a trigger that refuses writes', ['create function refuse() returns trigger language plpgsql as $$ begin raise exception \'no\'; end $$', 'create trigger refuse after insert on jobs for each row execute function refuse()'], { kind: 'TRIGGER', object: 'refuse', effect: 'WRITE_FAILS', sqlState: 'P0001' }],
  ['a trigger of ours that runs another function', ['create function f() returns trigger language plpgsql as $$ begin return new; end $$', 'create or replace trigger jobs_touch before update on jobs for each row execute function f()'], { kind: 'TRIGGER', object: 'jobs_touch', effect: 'SILENT' }],
  ['a trigger of ours that fires in replicas only', 'alter table jobs enable replica trigger jobs_touch', { kind: 'TRIGGER', object: 'jobs_touch', actual: 'disabled' }],
  ['a missing function', 'drop function pgboss.job_now() cascade', { kind: 'FUNCTION', object: 'pgboss.job_now()', effect: 'FAILS' }],
  ['a function with another body', 'create or replace function touch_updated_at() returns trigger language plpgsql as $$ begin return new; end $$', { kind: 'FUNCTION', object: 'touch_updated_at()', effect: 'SILENT' }],
  ['a rule that swallows writes', 'create rule r as on insert to jobs do instead nothing', { kind: 'RULE', table: 'jobs', object: 'r', effect: 'LOST_WRITE' }],
];

describe('a check of the schema', () => {
  test.each(cases)('finds %s', async (_, statements, expected) => {
    const report = await reportAfter(...[statements].flat());

    expect(causeIn(report)).toMatchObject(expected);
    expect(report.status).toBe(report.drift.some(({ severity }) => severity === 'BREAKING') ? 'BROKEN' : 'DRIFTED');
  });

  test('finds an index left INVALID in the place of ours', async () => {
    const report = await reportAfter(`update pg_index set indisvalid = false where indexrelid = 'jobs_status'::regclass`);

    expect(causeIn(report)).toMatchObject({ kind: 'INVALID_INDEX', object: 'jobs_status', effect: 'SLOW' });
    expect(report.repairPlan.map(({ sql }) => sql)).toEqual(['reindex index concurrently "jobs_status"']);
  });
});
