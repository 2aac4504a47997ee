import { createEmptyDatabase, createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { runOutrider, type Ended } from '../support/program.ts';
import { sqlAlchemyDatabase } from './adoptSupport.ts';

let database: TestDatabase;
afterEach(() => database.drop());

function history(...args: string[]): Promise<Ended> {
  return runOutrider(['schema', 'history', ...args], { DATABASE_URL: database.url });
}

const hashIn = (json: string) => (JSON.parse(json) as { planHash: string }).planHash;

describe('outrider schema history', () => {
  beforeEach(async () => {
    database = await createTestDatabase();
  });

  test('shows every row with its state, date, author, duration and statements, and exits 0', async () => {
    const { code, out } = await history();

    expect(out).toMatch(/^APPLIED  0001_pipeline +\d{4}-\d\d-\d\dT\S+Z  tests  \d+ ms +\d+ of \d+ statements$/m);
    expect(code).toBe(0);
  });

  test('shows the rows of another tool, and that they do no harm', async () => {
    await queryOnce(database.url, `create table alembic_version (version_num text); insert into alembic_version values ('a1'), ('b2')`);
    const { code, out } = await history();

    expect(out).toMatch(/alembic_version, 2 rows:\n  \{"version_num":"a1"\}\n  \{"version_num":"b2"\}/);
    expect(code).toBe(0);
  });

  test('exits 1 with one sentence that names the command when something is wrong', async () => {
    await queryOnce(database.url, 'delete from schema_migrations');
    const { code, err } = await history();

    expect(err).toMatch(/^The table schema_migrations is empty [^\n]*"outrider schema history --repair"[^\n]*\n$/);
    expect(code).toBe(1);
  });

  test('--repair shows the plan and exits 1; with --apply it runs it, checks, and exits 0', async () => {
    await queryOnce(database.url, 'drop table schema_migrations');
    const shown = await history('--repair');
    expect(shown).toMatchObject({ code: 1, out: expect.stringMatching(/-- stamp 0001_pipeline: all \d+ objects that it makes are there[^]*create table if not exists schema_migrations/) });
    expect(await queryOnce(database.url, `select to_regclass('schema_migrations') as history`)).toEqual([{ history: null }]);

    const hash = /--apply (\w+)/.exec(shown.out)?.[1] ?? '';
    expect(await history('--repair', '--apply', hash)).toMatchObject({ code: 0, out: expect.stringMatching(/READY: /) });
    expect(await history('--repair')).toMatchObject({ code: 0, out: 'There is nothing to mend.\n' });
  });

  test('--repair refuses a plan that was not read, and says STALE', async () => {
    await queryOnce(database.url, 'drop table schema_migrations');
    const { code, err } = await history('--repair', '--apply', 'f'.repeat(32));

    expect(err).toContain('STALE');
    expect(code).toBe(1);
  });

  test('--adopt says why there is nothing to take over', async () => {
    expect(await history('--adopt')).toMatchObject({ code: 1, err: expect.stringContaining('a history of its own') });
  });

  test('refuses --apply without a plan, and two plans at once', async () => {
    expect((await history('--apply', 'x')).code).toBe(2);
    expect((await history('--repair', '--adopt')).code).toBe(2);
  });
});

describe('outrider schema history --adopt', () => {
  test('shows what becomes of each table, then takes the database over, checks, and exits 0', async () => {
    database = await createEmptyDatabase();
    await queryOnce(database.url, sqlAlchemyDatabase);
    const { code, out } = await history('--adopt');
    expect(code).toBe(1);
    expect(out).toMatch(/^jobs: 4 rows, of which 0 fit, 4 are converted and 0 stay in outrider_kept only$/m);
    expect(out).toMatch(/note +1 row: job_type is "teleport"/);
    expect(out).toMatch(/missing    .*drafts_created/);

    const { out: json } = await history('--adopt', '--json');
    expect(await history('--adopt', '--apply', hashIn(json))).toMatchObject({ code: 0, out: expect.stringMatching(/READY: /) });
    expect((await history()).code).toBe(0);
  });
});
