import { createTestDatabase } from '../support/database.ts';
import { createSchemaHealth } from '../../src/health/health.ts';
import { checkOnce, healthOf, reportAfter, run, silent } from './support.ts';

describe('what others made beside our tables is reported where it reaches into them', () => {
  test('a table of another schema that inherits one of ours', async () => {
    const { status, drift } = await reportAfter('create schema archive', 'create table archive.old_jobs () inherits (jobs)');

    expect(drift).toMatchObject([{ kind: 'EXTRA_TABLE', table: 'archive.old_jobs', effect: 'SILENT', fixes: [{ sql: 'alter table "archive"."old_jobs" no inherit "jobs"', risk: 'CAUTION' }] }]);
    expect(status).toBe('BROKEN');
  });

  test.each([
    ['another schema', 'archive.audit', ''],
    ['our schema', 'audit', ''],
    ['another schema, which sets something else when a row is updated', 'archive.audit', 'on update cascade'],
  ])('a foreign key from %s', async (_, table, actions) => {
    const { status, drift } = await reportAfter('create schema archive', `create table ${table} (job uuid references jobs ${actions})`);

    expect(drift[0]).toMatchObject({ kind: 'FOREIGN_KEY', table: 'jobs', object: 'audit_job_fkey', effect: 'LATENT', sqlState: '23503', message: expect.stringContaining(table), fixes: [] });
    expect(status).toBe('DRIFTED');
  });

  test.each([
    ['no identity', ['create publication p for table jobs', 'alter table jobs replica identity nothing'], '55000'],
    ['no identity, of all tables', ['create publication p for all tables', 'alter table jobs replica identity nothing'], '55000'],
    ['no identity, of the whole schema', ['create publication p for tables in schema public', 'alter table jobs replica identity nothing'], '55000'],
    ['an index for its identity that is gone', ['create unique index i on jobs (id)', 'alter table jobs replica identity using index i', 'create publication p for table jobs', 'drop index i'], '55000'],
    ['not all columns of its identity', ['create publication p for table jobs (status)'], '42P10'],
    ['a condition on columns that are not in its identity', ['create publication p for table jobs where (total_targets > 5)'], '42P10'],
  ])('a publication that has %s', async (_, statements, sqlState) => {
    const database = await createTestDatabase();
    await run(database, ...statements);
    const operations = { 'jobs#UPDATE': ['Mutation.pauseJob'], 'jobs#CONFLICT': ['Mutation.startDraftJob'], 'jobs#LOCK': ['Query.lock'], jobs: ['Query.jobs'] };
    const health = createSchemaHealth({ url: database.url, policy: 'STRICT', operations, log: silent, deadline: 30_000 });
    const { drift } = await health.check();
    await health.close();
    await database.drop();

    expect(drift).toMatchObject([{ kind: 'PRIVILEGE', table: 'jobs', object: 'p', effect: 'WRITE_FAILS', sqlState, affects: ['Mutation.pauseJob', 'Mutation.startDraftJob'] }]);
  });

  test('the plan gives a published table its identity back', async () => {
    const database = await createTestDatabase();
    await run(database, 'create publication p for table jobs', 'alter table jobs replica identity nothing');
    const { repairPlan } = await checkOnce(database.url);
    await run(database, ...repairPlan.map(({ sql }) => sql), 'update jobs set error = null');
    const after = await checkOnce(database.url);
    await database.drop();

    expect(repairPlan.map(({ sql, risk }) => [sql, risk])).toEqual([['alter table "jobs" replica identity default', 'SAFE']]);
    expect(after.status).toBe('READY');
  });

  test.each([
    ['keys that go with our rows', 'create schema archive', 'create table archive.audit (job uuid references jobs on delete cascade, other uuid references jobs on delete set null)'],
    ['keys that nobody heeds', 'create schema archive', 'create table archive.audit (job uuid references jobs)', 'alter table archive.audit disable trigger all', 'alter table jobs disable trigger all', 'alter table jobs enable trigger all', 'drop table archive.audit'],
    ['publications of everything, of inserts, of whole rows, and by the key', 'create publication a for all tables', `create publication b for table jobs where (total_targets > 5) with (publish = 'insert')`, 'alter table workers replica identity full', 'create publication c for table workers where (name is not null)', `create publication d for table jobs (id, status) where (id is not null)`],
    ['no identity where nothing is published', 'alter table jobs replica identity nothing'],
    ['tables of other schemas that inherit each other', 'create schema archive', 'create table archive.jobs (id uuid)', 'create table archive.old () inherits (archive.jobs)'],
  ])('and not where it does not: %s', async (_, ...statements) => {
    const { status, drift } = await reportAfter(...statements);

    expect(drift).toEqual([]);
    expect(status).toBe('READY');
  });

  test('also when it comes while the schema is watched', async () => {
    const database = await createTestDatabase();
    const health = healthOf(database.url);
    const kinds = () => health.check().then(({ drift }) => drift.map(({ kind }) => kind));
    const before = await kinds();
    await run(database, 'create schema archive', 'create table archive.old_jobs () inherits (jobs)');
    const heir = await kinds();
    await run(database, 'drop table archive.old_jobs', 'create table archive.audit (job uuid references jobs)');
    const key = await kinds();
    await run(database, 'drop table archive.audit', 'create publication p for table jobs (status)');
    const published = await kinds();
    await run(database, 'alter publication p drop table jobs');
    const after = await kinds();
    await health.close();
    await database.drop();

    expect([before, heir, key, published, after]).toEqual([[], ['EXTRA_TABLE'], ['FOREIGN_KEY'], ['PRIVILEGE'], []]);
  });
});
