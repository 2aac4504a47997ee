import pg from 'pg';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { shortest } from '../support/shortest.ts';
import { waitFor } from '../support/waitFor.ts';
import { createRole, serving } from './roles.ts';
import { asServed, checkOnce, healthOf, holding } from './support.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** The report while another session has run the statements and not committed; `npm run bench` tells how soon it comes. */
async function reportWhile(...statements: string[]) {
  const health = healthOf(database.url);
  await health.check();
  const holder = await holding(database.url, ...statements);
  try {
    return { pid: holder.pid, report: await health.check() };
  } finally {
    await holder.release();
    await health.close();
  }
}

const partsOf = ({ unverified }: { unverified: { object: string }[] }) => unverified.map(({ object }) => object);

describe('a table that another session holds under ACCESS EXCLUSIVE', () => {
  test('is unverified, its blocker is named, and nothing waits for it', async () => {
    const { pid, report } = await reportWhile('lock table jobs in access exclusive mode');

    expect(report).toMatchObject({ status: 'UNVERIFIED', drift: [] });
    expect(partsOf(report)).toEqual(['jobs']);
    expect(report.blockers).toEqual([
      { pid, preparedTransaction: null, user: 'postgres', applicationName: 'a forgotten psql', query: expect.any(String), heldForMs: expect.any(Number), objects: ['jobs'] },
    ]);
  });

  test('is still compared as far as it can be read', async () => {
    await queryOnce(database.url, 'alter table jobs drop column drafts_created');
    const { report } = await reportWhile('lock table jobs in access exclusive mode');

    expect(report.status).toBe('BROKEN');
    expect(report.drift.map(({ id }) => id)).toContain('MISSING_COLUMN:jobs.drafts_created');
    expect(partsOf(report)).toEqual(['jobs']);
  });

  test('does not keep what differs elsewhere from being found', async () => {
    await queryOnce(database.url, 'drop table workers');
    const { report } = await reportWhile('lock table jobs in access exclusive mode');

    expect(report.drift.map(({ id }) => id)).toContain('MISSING_TABLE:workers');
  });

  test('may be the history, which is then not called missing, nor its migrations pending', async () => {
    const { report } = await reportWhile('lock table schema_migrations in access exclusive mode');

    expect(report).toMatchObject({ status: 'UNVERIFIED', migrations: null, drift: [] });
    expect(partsOf(report)).toEqual(['schema_migrations']);
    expect(report.blockers.map(({ objects }) => objects)).toEqual([['schema_migrations']]);
  });

  test('may be one of many', async () => {
    const { report } = await reportWhile('lock table jobs, prospects, social_profiles, email_drafts, schema_migrations, pgboss.job in access exclusive mode');

    expect(report).toMatchObject({ status: 'UNVERIFIED', drift: [] });
    expect(partsOf(report)).toEqual(expect.arrayContaining(['jobs', 'prospects', 'social_profiles', 'email_drafts', 'schema_migrations', 'pgboss.job']));
    expect(report.blockers.map(({ objects }) => objects)).toEqual([expect.arrayContaining(['jobs', 'schema_migrations', 'pgboss.job'])]);
  });

  test('may be every table that there is', async () => {
    const { report } = await reportWhile(`do $$ begin execute (select string_agg(format('lock table %I.%I in access exclusive mode', schemaname, tablename), ';') from pg_tables where schemaname in ('public', 'pgboss')); end $$`);

    expect(report).toMatchObject({ status: 'UNVERIFIED', drift: [] });
  });

  test('does not change the fingerprint, which is that of the schema', async () => {
    const free = await checkOnce(database.url);
    const { report } = await reportWhile('lock table jobs in access exclusive mode');

    expect(report.fingerprint).toBe(free.fingerprint);
  });

  test('is verified again as soon as it is free', async () => {
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const health = healthOf(database.url);
    const locked = await health.check();
    await holder.release();
    const free = await health.check();
    await health.close();

    expect([locked.status, free.status]).toEqual(['UNVERIFIED', 'READY']);
  });

  test('is named to a role that may not see what others run, as far as it may', async () => {
    const role = await createRole(database, ...serving);
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const report = await checkOnce(role.url);
    await holder.release();
    await role.drop();

    expect(report.status).toBe('UNVERIFIED');
    expect(report.blockers).toEqual([{ pid: holder.pid, preparedTransaction: null, user: 'postgres', applicationName: 'a forgotten psql', query: null, heldForMs: null, objects: ['jobs'] }]);
  });
});

describe('a change of the schema that is not committed', () => {
  test.each([
    ['a column dropped', 'alter table jobs drop column drafts_created', 'jobs'],
    ['a column added', 'alter table jobs add column more text', 'jobs'],
    ['a column of another type', 'alter table workers alter column name type varchar(80)', 'workers'],
    ['a table dropped', 'drop table workers', 'workers'],
    ['a table renamed', 'alter table workers rename to labourers', 'workers'],
    ['a table truncated', 'truncate workers', 'workers'],
    ['an index dropped', 'drop index jobs_status', 'jobs'],
    ['an index built anew', 'reindex index jobs_status', 'jobs'],
  ])('(%s) is not reported, and what it locks is unverified', async (_what, statement, table) => {
    const { report } = await reportWhile(statement);

    expect(report).toMatchObject({ status: 'UNVERIFIED', drift: [] });
    expect(partsOf(report)).toContain(table);
    expect(report.blockers[0]?.objects).toContain(table);
  });

  test('of what is not ours is no matter', async () => {
    await queryOnce(database.url, 'create table elsewhere (id int primary key, note text); create view look as select * from elsewhere; create sequence counting');
    const { report } = await reportWhile('alter table elsewhere drop column note cascade', 'drop sequence counting');

    expect(report).toMatchObject({ unverified: [], blockers: [] });
  });

  test('that takes no lock on a table leaves everything verified', async () => {
    const { report } = await reportWhile('create table just_made (id int)', 'create function f() returns int language sql return 1', 'create schema other');

    expect(report).toMatchObject({ status: 'READY', unverified: [], blockers: [] });
  });
});

test('who waits for the lock behind a long reader keeps us out too: both are named, the older first', async () => {
  const reader = await holding(database.url, 'select count(*) from jobs');
  const waiting = new pg.Client({ connectionString: database.url, application_name: 'a deploy' });
  await waiting.connect();
  const [{ pid }] = (await waiting.query('select pg_backend_pid() as pid')).rows as [{ pid: number }];
  const change = waiting.query('alter table jobs add column more text').catch(() => {});
  await waitFor(async () => (await queryOnce(database.url, `select from pg_locks where pid = ${pid} and not granted`)).length > 0);
  const report = await shortest(2000, () => checkOnce(database.url, asServed), ({ durationMs }) => durationMs);
  await reader.release();
  await change;
  await waiting.end();

  expect(partsOf(report)).toEqual(['jobs']);
  expect(report.blockers.map((blocker) => [blocker.pid, blocker.applicationName, blocker.objects])).toEqual([[reader.pid, 'a forgotten psql', ['jobs']], [pid, 'a deploy', ['jobs']]]);
  expect(report.durationMs).toBeLessThan(2000);
});

test.each(['share', 'share row exclusive', 'exclusive', 'row exclusive'])('a lock in %s mode keeps nobody from reading', async (mode) => {
  const { report } = await reportWhile(`lock table jobs, schema_migrations in ${mode} mode`);

  expect(report).toMatchObject({ status: 'READY', blockers: [] });
});

test.each(['pg_attribute', 'pg_class', 'pg_proc', 'pg_index'])("a lock on PostgreSQL's own %s, as its VACUUM FULL takes it, is never READY, and is over with it", async (catalog) => {
  const health = healthOf(database.url, asServed);
  const before = await health.check();
  const holder = await holding(database.url, `lock table ${catalog} in access exclusive mode`);
  const during = await shortest(3000, () => health.check({ refresh: true }), ({ durationMs }) => durationMs);
  await holder.release();
  const after = await health.check();
  await health.close();

  expect([before.status, after.status]).toEqual(['READY', 'READY']);
  expect(during.status).toMatch(/^(UNVERIFIED|UNREACHABLE)$/);
  expect(during.drift).toEqual([]);
  expect(during.durationMs).toBeLessThan(3000);
});
