import { Migration } from '@mikro-orm/migrations';
import pg from 'pg';
import { MIGRATION_LOCK } from '../../src/migrate/lock.ts';
import { migrate, type MigrateOptions } from '../../src/migrate/migrate.ts';
import { loadMigrations, type MigrationClass } from '../../src/migrate/migrations.ts';
import { createEmptyDatabase, createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.drop());

const first = migration('0001_first', [`create table a (id integer)`, `create table b (id integer)`]);
const second = migration('0002_second', [`create table c (id integer)`]);
const third = migration('0003_third', [`create table d (id integer)`]);

describe('what is applied', () => {
  test('everything pending, in order', async () => {
    const { applied, alreadyApplied } = await run([first, second]);
    expect(applied.map(({ name, statements }) => [name, statements])).toEqual([['0001_first', 2], ['0002_second', 1]]);
    expect(alreadyApplied).toEqual([]);
    expect(await tables()).toEqual(['a', 'b', 'c', 'schema_migrations']);
  });

  test('nothing the second time', async () => {
    await run([first, second]);
    const before = await history();
    expect(await run([first, second])).toEqual({ applied: [], alreadyApplied: ['0001_first', '0002_second'], pending: [], ahead: [] });
    expect(await history()).toEqual(before);
  });

  test('only what is new', async () => {
    await run([first]);
    const { applied, alreadyApplied } = await run([first, second]);
    expect(applied.map(({ name }) => name)).toEqual(['0002_second']);
    expect(alreadyApplied).toEqual(['0001_first']);
  });

  test('the history says what, when, by whom, how long and how far', async () => {
    await run([first], { appliedBy: 'ada' });
    const [row] = await history();
    expect(row).toMatchObject({ name: '0001_first', applied_by: 'ada', statements_applied: 2, statement_count: 2, finished: true });
    expect(row?.checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.duration_ms).toBeGreaterThanOrEqual(0);
    expect(Math.abs(Date.now() - Number(row?.applied_at))).toBeLessThan(60_000);
  });

  test('a dry run names what is pending and writes nothing', async () => {
    const { applied, pending } = await run([first, second], { dryRun: true });
    expect(applied).toEqual([]);
    expect(pending.map(({ name }) => name)).toEqual(['0001_first', '0002_second']);
    expect(await tables()).toEqual([]);
  });

  test('no migrations leave an empty database empty', async () => {
    await run([]);
    expect(await tables()).toEqual([]);
  });
});

describe('a migration that fails', () => {
  test('leaves nothing of itself when it is a transaction, and keeps those before it', async () => {
    const broken = migration('0002_broken', [`create table c (id integer)`, `create table c (id integer)`]);
    await expect(run([first, broken])).rejects.toThrow(
      'Migration 0002_broken failed at statement 2 of 2 (relation "c" already exists), nothing of it stays: remove the cause and run migrate again.',
    );
    expect(await tables()).toEqual(['a', 'b', 'schema_migrations']);
    expect((await history()).map(({ name }) => name)).toEqual(['0001_first']);
  });

  test('goes on after its last statement when it is none', async () => {
    const statements = [`create table a (id integer)`, `insert into missing values (1)`, `create table b (id integer)`];
    await expect(run([stepwise('0001_steps', statements)])).rejects.toThrow('failed at statement 2 of 3 (relation "missing" does not exist), the first 1 stay applied');
    expect(await history()).toMatchObject([{ statements_applied: 1, statement_count: 3, finished: false }]);

    await queryOnce(database.url, 'create table missing (id integer)');
    const { applied } = await run([stepwise('0001_steps', statements)]);
    expect(applied).toMatchObject([{ name: '0001_steps', statements: 2 }]);
    expect(await history()).toMatchObject([{ statements_applied: 3, statement_count: 3, finished: true }]);
    expect(await tables()).toEqual(['a', 'b', 'missing', 'schema_migrations']);
  });

  test('may use CREATE INDEX CONCURRENTLY when it is no transaction', async () => {
    await run([first, stepwise('0002_index', [`create index concurrently if not exists a_id on a (id)`])]);
    expect(await queryOnce(database.url, `select indisvalid from pg_index where indexrelid = 'a_id'::regclass`)).toEqual([{ indisvalid: true }]);
  });

  test('that queries the database while it is read is refused', async () => {
    class Asking extends Migration {
      override name = '0001_asking';
      override async up(): Promise<void> {
        await this.execute('select 1');
      }
    }
    await expect(loadMigrations([Asking])).rejects.toThrow('Migration 0001_asking does more than add SQL');
  });
});

describe('a history that contradicts this version is refused and left alone', () => {
  const cases: [string, () => Promise<unknown>, MigrationClass[], string][] = [
    [
      'a migration that was changed after it was applied',
      () => run([first]),
      [migration('0001_first', [`create table changed (id integer)`])],
      '0001_first was changed after it was applied: restore its text and write a new migration instead, or run "outrider schema history --repair".',
    ],
    [
      'a database that is ahead, and in which one of this version is missing',
      () => run([first, third]),
      [first, second],
      'Two lines of migrations met in this database: it has 0003_third, which this version does not know, and lacks 0002_second. Run a version that has them all;',
    ],
    [
      'a database that is ahead, and in which one of this version stopped half way',
      async () => {
        await run([first, second]);
        await queryOnce(database.url, `update schema_migrations set finished = false, statements_applied = 0 where name = '0001_first'`);
      },
      [first],
      '0001_first stopped half way, and a later version has applied 0002_second since: run "outrider migrate" of that version;',
    ],
    [
      'a database that is ahead, and in which one of this version was changed',
      () => run([first, second]),
      [migration('0001_first', [`create table changed (id integer)`])],
      '0001_first was changed after it was applied',
    ],
    [
      'a migration that would come before one that is applied',
      () => run([first, third]),
      [first, second, third],
      '0002_second would come after 0003_third, which is applied already: give it a number after the last one, or run "outrider schema history --repair"',
    ],
    [
      'a row that is there twice',
      async () => {
        await run([first]);
        await queryOnce(database.url, `alter table schema_migrations drop constraint schema_migrations_pkey`);
        await queryOnce(database.url, `insert into schema_migrations select * from schema_migrations`);
      },
      [first],
      'The history holds 0001_first more than once: run "outrider schema history --repair".',
    ],
    [
      'a history table of another tool',
      () => queryOnce(database.url, `create table schema_migrations (version text primary key, name integer)`),
      [first],
      'The table schema_migrations is not as Outrider makes it (no column name of type text, no column checksum of type text,',
    ],
  ];
  test.each(cases)('%s', async (_title, arrange, classes, message) => {
    await arrange();
    const before = await queryOnce(database.url, 'select * from schema_migrations');
    await expect(run(classes)).rejects.toThrow(message);
    await expect(run(classes, { dryRun: true })).rejects.toThrow(message);
    expect(await queryOnce(database.url, 'select * from schema_migrations')).toEqual(before);
  });
});

test('a database that is ahead, and has all of this version, is left as it is, and said to be ahead', async () => {
  await run([first, second, third]);
  const before = await history();
  const lines: string[] = [];
  const nothing = { applied: [], alreadyApplied: ['0001_first'], pending: [], ahead: ['0002_second', '0003_third'] };

  expect(await run([first], { log: (line) => lines.push(line) })).toEqual(nothing);
  expect(await run([first], { dryRun: true })).toEqual(nothing);
  expect(lines).toEqual([expect.stringMatching(/^The database is ahead of this version by 0002_second, 0003_third, /)]);
  expect(await history()).toEqual(before);
});

describe('while another process is migrating', () => {
  test('it waits, says so, and gives up with a sentence that names the other one', async () => {
    const other = new pg.Client({ connectionString: database.url, application_name: 'deploy of ada' });
    await other.connect();
    await other.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const lines: string[] = [];
    await expect(run([first], { lockTimeoutMs: 300, log: (line) => lines.push(line) })).rejects.toThrow(
      /^Another process has been migrating for more than 0\.3 s \(PostgreSQL process \d+, deploy of ada, since .*\): wait for it or end it, then run migrate again\.$/,
    );
    expect(lines).toEqual([expect.stringMatching(/^Waiting for another process that is migrating \(PostgreSQL process \d+, deploy of ada, since/)]);
    await other.end();
    expect((await run([first])).applied).toHaveLength(1);
  });

  test('those who wait do not block its CREATE INDEX CONCURRENTLY', async () => {
    const index = stepwise('0002_index', [`create index concurrently if not exists a_id on a (id)`]);
    const results = await Promise.all(Array.from({ length: 4 }, () => run([first, index])));
    expect(results.flatMap(({ applied }) => applied.map(({ name }) => name))).toEqual(['0001_first', '0002_index']);
  });
});

test('a database that does not answer is one sentence', async () => {
  await expect(migrate({ url: 'postgresql://nobody:secret@127.0.0.1:1/none' })).rejects.toThrow(
    /^The database none at 127\.0\.0\.1:1 cannot be used \(.*ECONNREFUSED.*\): check that PostgreSQL runs and DATABASE_URL is right\.$/,
  );
});

test('a checksum does not depend on the line ends of a checkout', async () => {
  const [unix, windows] = await loadMigrations([migration('0001_x', ['select\n1']), migration('0001_x', ['select\r\n1'])]);
  expect(windows?.checksum).toBe(unix?.checksum);
});

test('the migrations of this version bear the names of their files, in order', async () => {
  const names = (await loadMigrations()).map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  for (const name of names) expect(name).toMatch(/^\d{4}_[a-z0-9_]+$/);
});

test('the template of the tests has every migration of this version', async () => {
  const clone = await createTestDatabase();
  const { alreadyApplied, pending } = await migrate({ url: clone.url, dryRun: true });
  await clone.drop();
  expect(pending).toEqual([]);
  expect(alreadyApplied.length).toBeGreaterThan(0);
});

async function run(classes: MigrationClass[], options: Partial<MigrateOptions> = {}) {
  return migrate({ url: database.url, migrations: await loadMigrations(classes), ...options });
}

function migration(name: string, statements: string[], transactional = true): MigrationClass {
  return class extends Migration {
    override name = name;
    override up(): void {
      for (const statement of statements) this.addSql(statement);
    }
    override isTransactional(): boolean {
      return transactional;
    }
  };
}

function stepwise(name: string, statements: string[]): MigrationClass {
  return migration(name, statements, false);
}

async function tables(): Promise<string[]> {
  const rows = await queryOnce<{ relname: string }>(database.url, `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`);
  return rows.map(({ relname }) => relname);
}

function history(): Promise<Record<string, unknown>[]> {
  return queryOnce(database.url, 'select * from schema_migrations order by name');
}
