import type { SchemaDrift } from '../../src/health/health.ts';
import { causeIn, reportAfter } from './support.ts';

type Expectation = [what: string, statements: string | string[], drift: Partial<SchemaDrift>, fixes: string[]];

const archive = 'create schema archive';

/** One difference, whose mending takes the name or the place back and makes nothing anew. */
const cases: Expectation[] = [
  ['a table', 'alter table jobs rename to tasks', { kind: 'RENAMED_TABLE', table: 'jobs', actual: 'tasks' }, ['alter table "tasks" rename to "jobs"']],
  ['a table with a column more and one less', ['alter table jobs rename to tasks', 'alter table tasks add column note text', 'alter table tasks drop column error'], { kind: 'RENAMED_TABLE', table: 'jobs', actual: 'tasks' }, ['alter table "tasks" rename to "jobs"']],
  ['a column that others refer to', 'alter table jobs rename column status to state', { kind: 'RENAMED_COLUMN', table: 'jobs', column: 'status', actual: 'state' }, ['alter table "jobs" rename column "state" to "status"']],
  ['a column under a name that is nothing like it', 'alter table jobs rename column total_targets to n', { kind: 'RENAMED_COLUMN', column: 'total_targets', actual: 'n' }, ['alter table "jobs" rename column "n" to "total_targets"']],
  ['an enum', 'alter type job_status rename to job_state', { kind: 'ENUM', object: 'job_status', expected: 'job_status', actual: 'job_state', sqlState: '42704' }, ['alter type "job_state" rename to "job_status"']],
  ['an enum in another schema', [archive, 'alter type job_status set schema archive'], { kind: 'ENUM', object: 'job_status', actual: 'archive.job_status' }, ['alter type "archive"."job_status" set schema "public"']],
  ['a value of an enum', `alter type review_status rename value 'approved' to 'accepted'`, { kind: 'ENUM', object: 'review_status', actual: 'accepted', sqlState: '22P02' }, [`alter type "review_status" rename value 'accepted' to 'approved'`]],
  ['a function that triggers run', 'alter function touch_updated_at rename to touch', { kind: 'FUNCTION', object: 'touch_updated_at()', actual: 'touch()', effect: 'LATENT' }, ['alter routine "touch"() rename to "touch_updated_at"']],
  ['a function in another schema, in what is generated', [archive, 'alter function search_document set schema archive'], { kind: 'FUNCTION', effect: 'LATENT' }, [expect.stringMatching(/^alter routine "archive"\."search_document"\(.*\) set schema "public"$/) as unknown as string]],
  ['a table in another schema', [archive, 'alter table social_profiles set schema archive'], { kind: 'MOVED_TABLE', table: 'social_profiles', actual: 'archive.social_profiles' }, ['alter table "archive"."social_profiles" set schema "public"']],
  ['a table in another schema of ours', 'alter table pgboss.warning set schema public', { kind: 'MOVED_TABLE', table: 'pgboss.warning', actual: 'public.warning' }, ['alter table "public"."warning" set schema "pgboss"']],
];

describe('what was renamed or moved is found under its new name and taken back', () => {
  test.each(cases)('%s', async (_, statements, expected, fixes) => {
    const report = await reportAfter(...[statements].flat());

    expect(report.drift).toHaveLength(1);
    expect(causeIn(report)).toMatchObject(expected);
    expect(report.repairPlan.map(({ sql }) => sql)).toEqual(fixes);
  });

  test('a schema is one cause, and its tables go back with it', async () => {
    const { drift, repairPlan } = await reportAfter('alter schema pgboss rename to queue');

    expect(drift.filter(({ causedBy }) => causedBy === null).map(({ id, actual }) => [id, actual])).toEqual([['MOVED_TABLE:pgboss', 'queue']]);
    expect(drift.every(({ kind }) => kind === 'MOVED_TABLE')).toBe(true);
    expect(repairPlan.map(({ sql }) => sql)).toEqual(['alter schema "queue" rename to "pgboss"']);
  });

  test('three columns at once, beside one that was added, are three differences', async () => {
    const { drift } = await reportAfter(
      'alter table prospects rename column bio_text to biography',
      'alter table prospects rename column email to mail',
      'alter table prospects rename column username to login',
      'alter table prospects add column emails text',
    );

    expect(drift.map(({ id }) => id).sort()).toEqual(['EXTRA_COLUMN:prospects.emails', 'RENAMED_COLUMN:prospects.bio_text', 'RENAMED_COLUMN:prospects.email', 'RENAMED_COLUMN:prospects.username']);
  });

  test('two columns that swapped their names are one cause, which nobody would notice, and go back by way of a third', async () => {
    const { drift, repairPlan } = await reportAfter(
      'alter table prospects rename column draft_subject to other',
      'alter table prospects rename column draft_body to draft_subject',
      'alter table prospects rename column other to draft_body',
    );

    expect(drift.map(({ kind, column, actual, effect }) => [kind, column, actual, effect])).toEqual(expect.arrayContaining([['RENAMED_COLUMN', 'draft_subject', 'draft_body', 'SILENT'], ['RENAMED_COLUMN', 'draft_body', 'draft_subject', 'SILENT']]));
    expect(drift.filter(({ causedBy }) => causedBy === null)).toHaveLength(1);
    expect(repairPlan).toHaveLength(4);
    expect(repairPlan.every(({ sql }) => sql.startsWith('alter table "prospects" rename column '))).toBe(true);
  });
});

const lost: [what: string, statements: string[], ids: string[]][] = [
  ['a column was dropped and another of its type added', ['alter table jobs drop column total_targets', 'alter table jobs add column total_target int'], ['EXTRA_COLUMN:jobs.total_target', 'MISSING_COLUMN:jobs.total_targets']],
  ['a table was dropped and a copy without keys is left', ['create table workers_backup as select * from workers', 'drop table workers'], ['EXTRA_TABLE:workers_backup', 'MISSING_TABLE:workers']],
  ['a table was dropped and another schema holds a copy without keys', [archive, 'create table archive.workers as select * from workers', 'drop table workers'], ['MISSING_TABLE:workers']],
  ['a table was dropped and another schema holds another of its name', [archive, 'create table archive.workers (id int primary key)', 'drop table workers'], ['MISSING_TABLE:workers']],
  ['an enum was made anew with another value', ['alter type job_type rename to old', `create type job_type as enum ('import', 'discover', 'draft', 'send', 'teleport')`, 'alter table jobs alter column job_type type job_type using job_type::text::job_type', 'drop type old'], ['ENUM:job_type=follow_up', 'ENUM:job_type=teleport']],
];

describe('nothing is called renamed or moved when', () => {
  test.each(lost)('%s', async (_, statements, ids) => {
    const { drift } = await reportAfter(...statements);

    expect(drift.map(({ id }) => id).sort()).toEqual(ids);
  });
});
