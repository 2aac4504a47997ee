import { expectedCatalog } from '../../src/health/expectedCatalog.ts';
import type { SchemaHealthReport } from '../../src/health/health.ts';
import { applyHistoryRepair, planHistoryRepair } from '../../src/health/history/mend/mendHistory.ts';
import { migrate } from '../../src/migrate/migrate.ts';
import { loadMigrations } from '../../src/migrate/migrations.ts';
import { createEmptyDatabase, createTestDatabase, queryOnce, urlOf, type TestDatabase } from '../support/database.ts';
import { checkOnce, run } from './support.ts';

const names = expectedCatalog.migrations.map(({ name }) => name);
const [first = '', second = ''] = names;
const last = names.at(-1) ?? '';
const count = expectedCatalog.migrations.length;
const quiet = () => {};

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await queryOnce(database.url, `insert into jobs (id, job_type, drafts_created) values (gen_random_uuid(), 'draft', 7)`);
});
afterEach(() => database.drop());

const copyOf = (name: string, changes: string) =>
  `insert into schema_migrations select (jsonb_populate_record(m, '${changes}')).* from schema_migrations m where name = '${name}'`;
const withoutKey = 'alter table schema_migrations drop constraint schema_migrations_pkey';

/** What was done to the history, what the check calls it, and what the plan says to do. */
const broken: [what: string, statements: string[], kind: string, does: RegExp][] = [
  ['missing', ['drop table schema_migrations'], 'HISTORY_MISSING', /^build schema_migrations/],
  ['empty', ['delete from schema_migrations'], 'HISTORY_EMPTY', /^stamp /],
  ['without its last row', [`delete from schema_migrations where name = '${last}'`], 'MIGRATION_EFFECT_PRESENT', new RegExp(`^stamp ${last}`)],
  ['without its first row', [`delete from schema_migrations where name = '${first}'`], 'MIGRATION_EFFECT_PRESENT', new RegExp(`^stamp ${first}`)],
  ['of two rows for one migration', [withoutKey, copyOf(first, '{}')], 'MIGRATION_DUPLICATE', /^leave one row of/],
  ['of two different rows for one migration', [withoutKey, copyOf(first, '{"checksum": "x", "finished": false}')], 'MIGRATION_DUPLICATE', /^leave one row of/],
  ['with a changed text', [`update schema_migrations set checksum = repeat('0', 64) where name = '${second}'`], 'MIGRATION_CHANGED', /^record the present text of/],
  ['half applied although all is there', [`update schema_migrations set finished = false, statements_applied = 3 where name = '${last}'`], 'MIGRATION_HALF_APPLIED', /^mark as finished/],
  ['with a renamed row', [`update schema_migrations set name = 'pipeline' where name = '${first}'`], 'MIGRATION_FORKED', /^give its name back/],
  ['with an unknown row in its midst', [copyOf(last, `{"name": "0001_zebra", "checksum": "${'0'.repeat(64)}"}`)], 'MIGRATION_FORKED', /^set aside 0001_zebra/],
  ['with nameless rows', [withoutKey, 'alter table schema_migrations alter column name drop not null', 'update schema_migrations set name = null'], 'HISTORY_CORRUPT', /^give its name back/],
  ['without a column', ['alter table schema_migrations drop column checksum'], 'HISTORY_CORRUPT', /^build/],
  ['with a column of another type', ['alter table schema_migrations alter column applied_at type text using applied_at::text'], 'HISTORY_CORRUPT', /^build/],
  ['with impossible counters', [`update schema_migrations set statements_applied = -4 where name = '${last}'`], 'HISTORY_CORRUPT', /^build/],
  ['doubled in another schema', ['create schema old', 'create table old.schema_migrations as table schema_migrations'], 'HISTORY_DUPLICATED', /^move old\.schema_migrations/],
  ['moved to another schema', ['create schema old', 'alter table schema_migrations set schema old'], 'HISTORY_MISSING', /^build/],
  ['recorded without its effect', ['drop schema pgboss cascade'], 'MIGRATION_EFFECT_ABSENT', /^apply 0002_queue/],
  ['recorded neither in order nor in effect', ['drop schema pgboss cascade', `delete from schema_migrations where name = '${second}'`], 'MIGRATION_OUT_OF_ORDER', /^apply 0002_queue/],
];

/** Every migration is recorded, so that migrate has nothing to do. */
const harmless = ['HISTORY_DUPLICATED', 'MIGRATION_EFFECT_ABSENT'];

describe('a history that is', () => {
  test.each(broken)('%s: the check names it, migrate refuses, the plan mends it, the check is READY and no row is lost', async (_, statements, kind, does) => {
    await run(database, ...statements);
    const before = await checkOnce(database.url);
    expect(before.drift.map((drift) => drift.kind)).toContain(kind);

    const outcome = await migrate({ url: database.url }).then(({ applied }) => applied.length, (error: Error) => error.message);
    expect(outcome).toEqual(harmless.includes(kind) ? 0 : expect.stringMatching(/"outrider schema history/));

    const plan = await planHistoryRepair(database.url);
    expect(plan.steps.map((step) => step.does)).toContainEqual(expect.stringMatching(does));
    expect(plan.advice).toEqual([]);

    await applyHistoryRepair(database.url, plan.planHash!, quiet);
    expect(described(await checkOnce(database.url))).toEqual({ status: 'READY', drift: [] });
    expect(await migrate({ url: database.url })).toMatchObject({ applied: [], alreadyApplied: names });
    expect(await queryOnce(database.url, 'select drafts_created from jobs')).toEqual([{ drafts_created: 7 }]);
    expect(await planHistoryRepair(database.url)).toEqual({ steps: [], advice: [], planHash: null });
  });
});

describe('the row of a migration that a later version applied', () => {
  const later = copyOf(last, `{"name": "9999_later", "checksum": "${'0'.repeat(64)}"}`);

  test.each<[string, string[], string[]]>([
    ['alone', [], []],
    ['when another row is mended', [`delete from schema_migrations where name = '${first}'`], [`stamp ${first}`]],
    ['when the table is built anew', ['alter table schema_migrations drop column outrider_version'], ['build schema_migrations']],
  ])('stays where it is, %s, and the plan says which version to run', async (_, statements, does) => {
    await run(database, later, ...statements);
    const plan = await planHistoryRepair(database.url);
    expect(plan.advice).toEqual([expect.stringMatching(/^9999_later: a later version applied it, so its row stays: run that version, or a later one\./)]);
    for (const step of does) expect(plan.steps.map((planned) => planned.does)).toContainEqual(expect.stringContaining(step));
    expect(plan.steps.map((planned) => planned.does).filter((step) => step.startsWith('set aside'))).toEqual([]);
    if (plan.planHash !== null) await applyHistoryRepair(database.url, plan.planHash, quiet);
    expect(await queryOnce(database.url, `select name, checksum from schema_migrations where name > '${last}'`)).toEqual([{ name: '9999_later', checksum: '0'.repeat(64) }]);
    expect(described(await checkOnce(database.url)).drift).toEqual(['MIGRATION_UNKNOWN:9999_later']);
  });
});

test('what stood in the history before is kept in outrider_kept, whole', async () => {
  await run(database, withoutKey, copyOf(first, '{"applied_by": "somebody else"}'));
  const plan = await planHistoryRepair(database.url);
  await applyHistoryRepair(database.url, plan.planHash!, quiet);

  const [kept] = await queryOnce<{ relname: string }>(database.url, `select relname from pg_class where relnamespace = 'outrider_kept'::regnamespace and relkind = 'r'`);
  const rows = await queryOnce(database.url, `select name, applied_by from outrider_kept.${kept!.relname} where name = '${first}' order by applied_by`);
  expect(rows).toEqual([{ name: first, applied_by: 'somebody else' }, { name: first, applied_by: 'tests' }]);
});

test('a row that stays keeps its date and its author', async () => {
  const before = await queryOnce(database.url, 'select name, applied_at, applied_by from schema_migrations order by name');
  await run(database, withoutKey, copyOf(first, '{"applied_by": "somebody else", "applied_at": "2099-01-01"}'));
  const plan = await planHistoryRepair(database.url);
  await applyHistoryRepair(database.url, plan.planHash!, quiet);

  expect(await queryOnce(database.url, 'select name, applied_at, applied_by from schema_migrations order by name')).toEqual(before);
});

test('a role that owns our schema, and may make none, stamps what is not recorded', async () => {
  const owner = `owner_${Date.now()}`;
  await queryOnce(database.url, `create role ${owner} login password 'secret'`);
  try {
    await run(database, 'delete from schema_migrations', `grant usage on schema pgboss to ${owner}`, `grant select, insert, update on all tables in schema public, pgboss to ${owner}`);
    const url = new URL(database.url);
    url.username = owner;
    url.password = 'secret';
    const plan = await planHistoryRepair(url.href);
    await applyHistoryRepair(url.href, plan.planHash!, quiet);
    expect((await checkOnce(database.url)).status).toBe('READY');
  } finally {
    await database.drop();
    await queryOnce(urlOf('postgres'), `drop role ${owner}`);
  }
});

test('each step is written down in activities', async () => {
  await run(database, 'delete from schema_migrations');
  const plan = await planHistoryRepair(database.url);
  await applyHistoryRepair(database.url, plan.planHash!, quiet);

  const rows = await queryOnce<{ does: string }>(database.url, `select details ->> 'does' as does from activities where action = 'schema.history.repair'`);
  expect(rows.map(({ does }) => does).sort()).toEqual(plan.steps.map(({ does }) => does).sort());
});

test('a plan of another schema or another history is STALE and changes nothing', async () => {
  await run(database, `delete from schema_migrations where name = '${last}'`);
  const plan = await planHistoryRepair(database.url);
  await run(database, `update schema_migrations set applied_by = 'moved' where name = '${first}'`);

  await expect(applyHistoryRepair(database.url, plan.planHash!, quiet)).rejects.toThrow(/STALE.*nothing was changed/);
  expect(await queryOnce(database.url, 'select count(*)::int as rows from schema_migrations')).toEqual([{ rows: count - 1 }]);
});

test('two who run the same plan at once mend it once', async () => {
  await run(database, 'delete from schema_migrations');
  const plan = await planHistoryRepair(database.url);
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => applyHistoryRepair(database.url, plan.planHash!, quiet)));

  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(described(await checkOnce(database.url)).status).toBe('READY');
});

test('a migration of which nothing is there is applied where a later one was', async () => {
  await run(database, 'delete from schema_migrations', 'drop table schema_changes, schema_drifts, schema_repairs cascade', 'drop function record_schema_change cascade');
  const plan = await planHistoryRepair(database.url);
  expect(plan.steps.map(({ does }) => does)).toContain('apply 0003_schema_health');
  expect(plan.advice).toEqual([]);
  await applyHistoryRepair(database.url, plan.planHash!, quiet);

  expect(described(await checkOnce(database.url))).toMatchObject({ status: 'READY', drift: [] });
});

test('a migration of which nothing is there stays pending', async () => {
  const unfinished = await createEmptyDatabase();
  try {
    await run(unfinished, ...(await loadMigrations()).slice(0, -1).flatMap(({ statements }) => statements));
    const plan = await planHistoryRepair(unfinished.url);
    expect(plan.advice).toEqual([`${last}: nothing that it makes is there: run "outrider migrate" afterwards.`]);
    await applyHistoryRepair(unfinished.url, plan.planHash!, quiet);

    const { drift } = await checkOnce(unfinished.url);
    expect(drift.filter(({ causedBy }) => causedBy === null).map(({ id }) => id)).toEqual([`MIGRATION_PENDING:${last}`]);
    expect((await migrate({ url: unfinished.url })).applied.map(({ name }) => name)).toEqual([last]);
    expect((await checkOnce(unfinished.url)).status).toBe('READY');
  } finally {
    await unfinished.drop();
  }
});

test('roles that could read the history before can read the one that was built', async () => {
  const reader = `reader_${Date.now()}`;
  await queryOnce(database.url, `create role ${reader}`);
  try {
    await run(database, `grant select on schema_migrations to ${reader}`, 'alter table schema_migrations drop column checksum');
    const plan = await planHistoryRepair(database.url);
    await applyHistoryRepair(database.url, plan.planHash!, quiet);
    expect(await queryOnce(database.url, `select has_table_privilege('${reader}', 'schema_migrations', 'select') as may`)).toEqual([{ may: true }]);
  } finally {
    await database.drop();
    await queryOnce(urlOf('postgres'), `drop role ${reader}`);
  }
});

function described({ status, drift }: SchemaHealthReport): { status: string; drift: string[] } {
  return { status, drift: drift.map(({ id }) => id) };
}
