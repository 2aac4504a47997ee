import { readdirSync } from 'node:fs';
import { Migration } from '@mikro-orm/migrations';
import { migrate } from '../../src/migrate/migrate.ts';
import { loadMigrations, refuseDisorder, type MigrationClass } from '../../src/migrate/migrations.ts';
import { createEmptyDatabase, createTestDatabase, queryOnce, urlOf, type TestDatabase } from '../support/database.ts';
import { runOutrider } from '../support/program.ts';

let database: TestDatabase;
afterEach(() => database?.drop());

const query = (sql: string) => queryOnce<Record<string, unknown>>(database.url, sql);

/** What stands there, with the rows of the history. */
async function everything(): Promise<unknown> {
  const relations = await query(`select relname, relkind from pg_class where relnamespace = 'public'::regnamespace order by 1`);
  const history = await query(`select query_to_xml('select * from schema_migrations', true, false, '')::text from pg_class where oid = to_regclass('schema_migrations')`);
  return { relations, history };
}

test.each(['SQL_ASCII', 'LATIN1'])('migrate refuses to begin in a database whose text is %s, and says how to make one that will do', async (encoding) => {
  database = await createEmptyDatabase(`encoding '${encoding}' lc_collate 'C' lc_ctype 'C'`);

  await expect(migrate({ url: database.url })).rejects.toThrow(new RegExp(`^The database .* is encoded in ${encoding}, .*encoding 'UTF8' template template0`));
  expect(await query(`select relname from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
});

describe('migrate refuses, names the command and changes nothing, twice,', () => {
  const cases: [what: string, statements: string[], message: RegExp][] = [
    ['when the history is missing', ['drop table schema_migrations'], /missing or empty.*\(.*activities.*\): run "outrider schema history --repair"/],
    ['when the history is empty', ['delete from schema_migrations'], /missing or empty.*run "outrider schema history --repair"/],
    ['when another tool made the tables', ['drop table schema_migrations', 'create table alembic_version (version_num text)'], /made by Alembic.*"outrider schema history --adopt"/],
    ['when what it would make is there', [`delete from schema_migrations where name = (select max(name) from schema_migrations)`], /does not say that \w+ was applied, but what it makes is there.*--repair/],
    ['when the history stands in another schema', ['create schema old', 'alter table schema_migrations set schema old'], /stands in the schema old.*--repair/],
    ['when a row has no name', ['alter table schema_migrations drop constraint schema_migrations_pkey', 'alter table schema_migrations alter column name drop not null', 'update schema_migrations set name = null'], /malformed \(\d+ rows without a name.*--repair/],
    ['when counters are impossible', ['update schema_migrations set statements_applied = -1, finished = false'], /malformed \(impossible counters of .*--repair/],
    ['when two lines met', [`update schema_migrations set name = '0001_zebra', checksum = 'x' where name like '0001%'`], /Two lines of migrations.*0001_zebra.*lacks 0001_/],
    ['when it stopped half way, says the history, and all is there', [`update schema_migrations set finished = false, statements_applied = 3 where name = (select max(name) from schema_migrations)`], /--repair/],
  ];
  test.each(cases)('%s', async (_, statements, message) => {
    database = await createTestDatabase();
    for (const statement of statements) await query(statement);
    const before = await everything();
    for (let time = 1; time <= 2; time++) await expect(migrate({ url: database.url })).rejects.toThrow(message);

    expect(await everything()).toEqual(before);
  });
});

test('it goes on after the statements that the history has, also of a migration that is one transaction', async () => {
  database = await createTestDatabase();
  const migrations = await loadMigrations();
  const { name, statements } = migrations.find((migration) => migration.name === '0005_large_tables')!;
  const done = statements.findIndex((statement) => statement.startsWith('create trigger "prospects_keep_contacted_approved"'));
  await query('drop trigger "prospects_keep_contacted_approved" on "prospects"');
  const later = migrations.filter((migration) => migration.name > name);
  await query('drop index "prospects_pipeline"');
  await query('alter table api_keys drop column last_used_at');
  await query(`delete from schema_migrations where name > '${name}'`);
  await query(`update schema_migrations set finished = false, statements_applied = ${done} where name = '${name}'`);
  expect((await migrate({ url: database.url })).applied).toMatchObject([{ name, statements: statements.length - done }, ...later.map((migration) => ({ name: migration.name }))]);

  expect(await query(`select finished, statements_applied from schema_migrations where name = '${name}'`)).toEqual([{ finished: true, statements_applied: statements.length }]);
});

test('a history whose rows are hidden by row security is not taken for an empty one', async () => {
  database = await createTestDatabase();
  const role = `owner_${Date.now()}`;
  await query(`create role ${role} login password 'secret'`);
  await query(`grant create, usage on schema public to ${role}; grant select on schema_migrations to ${role}; alter table schema_migrations enable row level security`);
  await expect(migrate({ url: as(role) })).rejects.toThrow(/row-level security/);
  await query(`drop owned by ${role}; drop role ${role}`);
});

test('a role without CREATE is told what to set', async () => {
  database = await createEmptyDatabase();
  const role = `poor_${Date.now()}`;
  await query(`create role ${role} login password 'secret'`);
  await expect(migrate({ url: as(role) })).rejects.toThrow(/permission denied.*DATABASE_OWNER_URL/);
  await query(`drop role ${role}`);
});

test('a role that may make tables but no schema is told what to set, and nothing of the migration stays', async () => {
  database = await createEmptyDatabase();
  const role = `half_${Date.now()}`;
  await query(`create role ${role} login password 'secret'; grant create on schema public to ${role}`);
  await expect(migrate({ url: as(role) })).rejects.toThrow(/Migration 0002_queue failed .*permission denied for database.*DATABASE_OWNER_URL/);
  expect(await query('select name from schema_migrations')).toEqual([{ name: '0001_pipeline' }]);
  await query(`drop owned by ${role}; drop role ${role}`);
});

test('a read-only role is told so', async () => {
  database = await createEmptyDatabase();
  const role = `reader_${Date.now()}`;
  await query(`create role ${role} login superuser password 'secret'; alter role ${role} set default_transaction_read_only = on`);
  await expect(migrate({ url: as(role) })).rejects.toThrow(/^This role is read-only here .*DATABASE_OWNER_URL/);
  expect((await migrate({ url: as(role), dryRun: true })).pending.length).toBeGreaterThan(0);
  await query(`drop role ${role}`);
});

test('the path of a role does not decide where the tables go', async () => {
  database = await createEmptyDatabase();
  await query('create schema elsewhere');
  const url = new URL(database.url);
  url.searchParams.set('options', '-c search_path=elsewhere,public');
  await migrate({ url: url.href });

  expect(await query(`select to_regclass('public.jobs') is not null as here, to_regclass('elsewhere.jobs') is not null as elsewhere`)).toEqual([{ here: true, elsewhere: false }]);
});

test('tables of other people in the same schema do not stop it', async () => {
  database = await createEmptyDatabase();
  await query('create table alembic_version (version_num text); create table birds (id integer)');
  expect((await migrate({ url: database.url })).applied.length).toBeGreaterThan(0);
});

test('on each boot it exits with 0, and with 1 and one sentence when it refuses', async () => {
  database = await createEmptyDatabase();
  const environment = { DATABASE_URL: database.url };
  for (let boot = 1; boot <= 3; boot++) expect(await runOutrider(['migrate'], environment)).toMatchObject({ code: 0, out: expect.stringMatching(boot === 1 ? /^Applied/ : /^Nothing to apply/) });
  await query('drop table schema_migrations');
  const { code, err } = await runOutrider(['migrate'], environment);

  expect(code).toBe(1);
  expect(err).toMatch(/^The migration history is missing or empty[^\n]*\n$/);
});

describe('two branches that add the same number', () => {
  const named = (name: string): MigrationClass =>
    class extends Migration {
      override name = name;
      override up(): void {
        this.addSql('select 1');
      }
    };

  test('are refused before anything is applied, with what to do', async () => {
    database = await createEmptyDatabase();
    const migrations = await loadMigrations([named('0001_first'), named('0002_billing'), named('0002_search')]);
    await expect(migrate({ url: database.url, migrations })).rejects.toThrow('0002_billing and 0002_search carry the same number: give the one that landed last the next free number');
    expect(await query(`select to_regclass('schema_migrations') as history`)).toEqual([{ history: null }]);
  });

  test('are refused when the index does not name them in order', async () => {
    const migrations = await loadMigrations([named('0002_second'), named('0001_first')]);
    expect(() => refuseDisorder(migrations)).toThrow('0001_first comes after 0002_second in src/migrations/index.ts');
  });

  test('are not among those of this version, and no file is left out of the index', async () => {
    const migrations = await loadMigrations();
    const files = readdirSync('src/migrations').filter((file) => file !== 'index.ts').map((file) => file.replace(/\.ts$/, '')).sort();

    expect(() => refuseDisorder(migrations)).not.toThrow();
    expect(migrations.map(({ name }) => name)).toEqual(files);
  });
});

function as(role: string): string {
  const url = new URL(urlOf(new URL(database.url).pathname.slice(1)));
  url.username = role;
  url.password = 'secret';
  return url.href;
}
