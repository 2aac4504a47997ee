import type { SchemaHealthReport } from '../../src/health/health.ts';
import { applyAdoption, planAdoption } from '../../src/health/history/adopt/adopt.ts';
import { planHistoryRepair } from '../../src/health/history/mend/mendHistory.ts';
import { migrate } from '../../src/migrate/migrate.ts';
import { loadMigrations } from '../../src/migrate/migrations.ts';
import { createEmptyDatabase, createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { sqlAlchemyDatabase } from './adoptSupport.ts';
import { checkOnce } from './support.ts';

const quiet = () => {};
const query = (sql: string) => queryOnce<Record<string, unknown>>(database.url, sql);

let database: TestDatabase;
afterEach(() => database.drop());

describe('a database that SQLAlchemy made', () => {
  beforeEach(async () => {
    database = await createEmptyDatabase();
    await query(sqlAlchemyDatabase);
  });

  test('is one cause: the history of another tool, with the command that takes it over', async () => {
    const { drift, status, summary } = await checkOnce(database.url);

    expect(status).toBe('BROKEN');
    expect(drift.filter(({ causedBy, effect }) => causedBy === null && effect !== 'NONE').map(({ id }) => id)).toEqual(['HISTORY_FOREIGN:alembic_version']);
    expect(drift.flatMap(({ fixes }) => fixes)).toEqual([]);
    expect(summary).toContain('outrider schema history --adopt');
  });

  test('is one cause too when it left no history: its tables are not as ours', async () => {
    await query('drop table alembic_version');
    const { drift, summary } = await checkOnce(database.url);

    expect(drift.filter(({ causedBy, effect }) => causedBy === null && effect !== 'NONE').map(({ id }) => id)).toEqual(['HISTORY_FOREIGN:public']);
    expect(summary).toContain('outrider schema history --adopt');
    expect((await planHistoryRepair(database.url)).advice).toContainEqual(expect.stringMatching(/^0001_pipeline: .*"outrider schema history --adopt"/));
  });

  test('is refused by migrate, which names the tables and the command', async () => {
    await expect(migrate({ url: database.url })).rejects.toThrow(/jobs.*made by Alembic.*"outrider schema history --adopt"/);
    expect(await query(`select to_regclass('schema_migrations') as history`)).toEqual([{ history: null }]);
  });

  test('is shown by a plan that counts the rows of each table and changes nothing', async () => {
    const before = await schemaDump();
    const plan = await planAdoption(database.url);

    expect(plan.tables.map(({ table, rows, fits, converted, notConvertible }) => [table, rows, fits + converted, notConvertible])).toEqual([
      ['discovery_queries', 1, 1, 0],
      ['jobs', 4, 4, 0],
      ['prospects', 4, 4, 0],
      ['email_drafts', 4, 3, 1],
      ['settings', 1, 1, 0],
    ]);
    expect(plan.tables.flatMap(({ reasons }) => reasons.map(({ text }) => text))).toEqual(['prospect_id refers to a row that is not there']);
    expect(plan.tables.flatMap(({ notes }) => notes.map(({ text }) => text))).toEqual(expect.arrayContaining([
      'job_type is "teleport", which is no word of ours: it is discover here',
      'has fewer than no followers: how many is not known here',
      'another draft of the same recipient is open: it is rejected here',
      'job_id refers to a row that is not there: it refers to none here',
    ]));
    expect(plan.tables.find(({ table }) => table === 'jobs')).toMatchObject({ missingColumns: expect.arrayContaining(['drafts_created', 'total_targets']), unusedColumns: ['result'] });
    expect(await schemaDump()).toEqual(before);
  });

  test('ends READY with every row kept, and migrate has nothing to do', async () => {
    const before = await contents('public');
    const plan = await planAdoption(database.url);
    await applyAdoption(database.url, plan.planHash!, quiet);

    expect(described(await checkOnce(database.url))).toEqual({ status: 'READY', drift: [] });
    expect((await migrate({ url: database.url })).applied).toEqual([]);
    expect(await contents('outrider_kept')).toEqual(before);
  });

  test('keeps what its rows say: states, times, references and keys', async () => {
    const plan = await planAdoption(database.url);
    await applyAdoption(database.url, plan.planHash!, quiet);

    expect(await query(`select job_type, status, parameters, error, finished_at, drafts_created from jobs order by created_at`)).toEqual([
      { job_type: 'discover', status: 'succeeded', parameters: { city: 'Vienna' }, error: null, finished_at: new Date('2025-11-03T08:05:30.250Z'), drafts_created: 0 },
      expect.objectContaining({ status: 'failed', error: 'column jobs.total_targets does not exist' }),
      expect.objectContaining({ status: 'failed', error: expect.stringContaining('not finished') }),
      expect.objectContaining({ job_type: 'discover', status: 'succeeded' }),
    ]);
    expect(await query(`select canonical_key, email, review_status, stage, display_name from prospects order by display_name`)).toEqual([
      { canonical_key: 'gallery.example/about', email: 'hello@gallery.example', review_status: 'approved', stage: 'drafted', display_name: 'Gallery' },
      expect.objectContaining({ canonical_key: expect.stringMatching(/^gallery\.example\/about#/), stage: 'discovered' }),
      expect.objectContaining({ canonical_key: 'minus.example' }),
      expect.objectContaining({ canonical_key: expect.stringMatching(/^adopted:/), review_status: 'rejected' }),
    ]);
    expect(await query(`select d.subject, d.status, p.display_name, j.job_type from email_drafts d join prospects p on p.id = d.prospect_id left join jobs j on j.id = d.job_id order by d.subject`)).toEqual([
      { subject: 'Hello', status: 'pending_review', display_name: 'Gallery', job_type: 'draft' },
      { subject: 'Hello again', status: 'rejected', display_name: 'Gallery', job_type: null },
      { subject: 'To the second', status: 'approved', display_name: 'Gallery again', job_type: null },
    ]);
  });

  test('is left alone when a row came after the plan was read', async () => {
    const plan = await planAdoption(database.url);
    await query(`insert into settings (key, value) values ('later', '1')`);
    const before = await schemaDump();

    await expect(applyAdoption(database.url, plan.planHash!, quiet)).rejects.toThrow(/STALE.*nothing was changed/);
    expect(await schemaDump()).toEqual(before);
  });

  test('is taken over once when two do it at once', async () => {
    const plan = await planAdoption(database.url);
    const outcomes = await Promise.allSettled([1, 2].map(() => applyAdoption(database.url, plan.planHash!, quiet)));

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await checkOnce(database.url)).status).toBe('READY');
  });

  test('gives the roles that served the old tables the same rights on the new ones', async () => {
    const role = `server_${Date.now()}`;
    await query(`create role ${role}`);
    await query(`grant select, insert, update on jobs to ${role}`);
    const plan = await planAdoption(database.url);
    await applyAdoption(database.url, plan.planHash!, quiet);

    expect(await query(`select has_table_privilege('${role}', 'prospects', 'insert') as may, has_table_privilege('${role}', 'schema_migrations', 'insert') as may_not`)).toEqual([{ may: true, may_not: false }]);
    await query(`drop owned by ${role}`);
    await query(`drop role ${role}`);
  });
});

test('a database whose tables are exactly ours is only recorded', async () => {
  database = await createTestDatabase();
  await query(`insert into jobs (id, job_type) values (gen_random_uuid(), 'draft')`);
  await query(`drop table schema_migrations; create table alembic_version (version_num varchar(32)); insert into alembic_version values ('a'), ('b')`);
  const before = await query('select ctid, * from jobs');
  const plan = await planAdoption(database.url);
  expect(plan).toMatchObject({ applied: [], tables: [], setAside: ['alembic_version'] });
  await applyAdoption(database.url, plan.planHash!, quiet);

  expect((await checkOnce(database.url)).status).toBe('READY');
  expect(await query('select ctid, * from jobs')).toEqual(before);
});

test('a database whose tables are ours but for what was lost ends READY with every row, also of those that fit', async () => {
  database = await createTestDatabase();
  await query(`insert into jobs (id, job_type, status, finished_at) values ('018f0000-0000-7000-8000-000000000001', 'draft', 'succeeded', '2025-01-01')`);
  await query(`insert into prospects (id, canonical_key, display_name, source_job_id) values (gen_random_uuid(), 'a.example', 'A', '018f0000-0000-7000-8000-000000000001')`);
  await query(`insert into activities (id, actor, action, subject_type, subject_id) select gen_random_uuid(), 'ada', 'prospect.created', 'Prospect', id from prospects`);
  const before = await query('select to_jsonb(p) as prospect, to_jsonb(a) as activity from prospects p, activities a');
  await query('drop table schema_migrations, social_messages, social_drafts, social_discovery_jobs, social_profiles cascade');
  await query(`alter table jobs drop column drafts_created cascade; alter table jobs drop column total_targets cascade`);
  await query(`create table alembic_version (version_num varchar(32)); insert into alembic_version values ('a'), ('b')`);
  const plan = await planAdoption(database.url);
  const stamped = ['0002_queue', '0003_schema_health'];
  const names = (await loadMigrations()).map(({ name }) => name);
  expect(plan).toMatchObject({ stamped, applied: names.filter((name) => !stamped.includes(name)) });
  await applyAdoption(database.url, plan.planHash!, quiet);

  expect(described(await checkOnce(database.url))).toEqual({ status: 'READY', drift: [] });
  expect(await query(`select to_jsonb(p) as prospect, to_jsonb(a) as activity from prospects p, activities a where a.action = 'prospect.created'`)).toEqual(before);
  expect(await query('select id, status, drafts_created from jobs')).toEqual([{ id: '018f0000-0000-7000-8000-000000000001', status: 'succeeded', drafts_created: 0 }]);
});

test('a database is taken over in few seconds for thousands of rows, of which some collide', async () => {
  database = await createEmptyDatabase();
  await query(sqlAlchemyDatabase);
  await query(`insert into prospects (page_url, page_title, follower_count) select 'https://many.example/' || n / 2, 'Many ' || n, 1 from generate_series(1, 5000) n`);
  const plan = await planAdoption(database.url);
  await applyAdoption(database.url, plan.planHash!, quiet);

  expect(await query(`select count(*)::int as rows from prospects where canonical_key like 'many%'`)).toEqual([{ rows: 5000 }]);
});

test('a database of ours is not taken over', async () => {
  database = await createTestDatabase();
  expect(await planAdoption(database.url)).toMatchObject({ planHash: null, reason: expect.stringContaining('a history of its own') });
});

test('an empty database is not taken over', async () => {
  database = await createEmptyDatabase();
  expect(await planAdoption(database.url)).toMatchObject({ planHash: null, reason: expect.stringContaining('outrider migrate') });
});

test('a schema_migrations of Rails makes room for ours', async () => {
  database = await createEmptyDatabase();
  await query(`create table schema_migrations (version varchar primary key); insert into schema_migrations values ('20240101000000')`);
  await expect(migrate({ url: database.url })).rejects.toThrow(/--adopt/);
  const plan = await planAdoption(database.url);
  await applyAdoption(database.url, plan.planHash!, quiet);

  expect((await checkOnce(database.url)).status).toBe('READY');
  expect(await query('select * from outrider_kept.schema_migrations')).toEqual([{ version: '20240101000000' }]);
});

/** Every row of every table of the schema. */
async function contents(schema: string): Promise<Record<string, unknown>> {
  const tables = await query(`select relname from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'r' order by relname`);
  const entries = [];
  for (const { relname } of tables) entries.push([relname, await query(`select * from ${schema}.${String(relname)} order by 1`)]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function described({ status, drift }: SchemaHealthReport): { status: string; drift: string[] } {
  return { status, drift: drift.map(({ id }) => id) };
}

function schemaDump(): Promise<unknown[]> {
  return query(`select n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^(pg_|information_schema)' order by 1, 2`);
}
