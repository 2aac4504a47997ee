import type { SchemaHealthReport } from '../../src/health/health.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { counts, fill, repairable, repairAll } from './repairSupport.ts';
import { causeIn, checkOnce, reportAfter, run } from './support.ts';

const causes = ({ drift }: SchemaHealthReport): string[] => drift.filter(({ causedBy }) => causedBy === null).map(({ id }) => id);

describe('a table of our name that is another', () => {
  test.each([
    ['with other columns', 'social_profiles', 'create table social_profiles (id serial primary key, name text)'],
    ['with a few of ours, of other types', 'jobs', 'create table jobs (id uuid primary key, status text, created_at timestamptz)'],
    ['that refuses our rows', 'social_profiles', 'create table social_profiles (id uuid primary key, owner text not null)'],
    ['in the place of a partitioned one', 'pgboss.job', 'create table pgboss.job (id uuid)'],
  ])('%s is one cause, and stops what touches it', async (_, table, made) => {
    const report = await reportAfter(`drop table ${table} cascade`, made);

    expect(causes(report)).toEqual([`MISSING_TABLE:${table}`]);
    expect(causeIn(report)).toMatchObject({ effect: 'FAILS', severity: 'BREAKING', expected: expect.stringContaining('table'), actual: expect.stringContaining('another table (id'), message: expect.stringContaining('it only bears the name') });
    expect(report.drift.filter(({ kind }) => kind === 'MISSING_COLUMN' || kind === 'COLUMN_TYPE')).toEqual([]);
  });

  test('is not one that lost most of its columns, one by one', async () => {
    const columns = ['bio_text', 'canonical_key', 'created_at', 'display_name', 'draft_status', 'engagement_rate', 'external_links', 'platform', 'profile_url', 'username'];
    const report = await reportAfter(...columns.map((column) => `alter table social_profiles drop column ${column} cascade`));

    expect(report.drift.map(({ kind }) => kind)).not.toContain('MISSING_TABLE');
    expect(report.drift.filter(({ kind }) => kind === 'MISSING_COLUMN').map(({ column }) => column)).toEqual(expect.arrayContaining(columns));
  });
});

describe('what mends it', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
    await fill(database.url);
  });
  afterEach(() => database.drop());

  async function afterSteps(...risks: string[]): Promise<SchemaHealthReport> {
    const repair = repairable(database.url);
    const { after } = await repairAll(repair, risks);
    await repair.close();
    return after;
  }

  test('is never done by itself, keeps the other table beside, and makes ours again', async () => {
    await run(database, 'drop table suppressions cascade', 'create table suppressions (id int, note text)', `insert into suppressions values (1, 'of somebody else')`);
    expect(causes(await afterSteps('SAFE'))).toEqual(['MISSING_TABLE:suppressions']);

    expect(await afterSteps('SAFE', 'CAUTION')).toMatchObject({ status: 'READY', drift: [] });
    expect(await queryOnce(database.url, 'select note from outrider_kept.suppressions')).toEqual([{ note: 'of somebody else' }]);
  });

  test('brings ours back, with its rows, where it was renamed', async () => {
    const before = await counts(database.url);
    await run(database, 'alter table social_profiles rename to old_people', 'create table social_profiles (id int)');
    const found = await checkOnce(database.url);
    expect(causes(found)).toEqual(['RENAMED_TABLE:social_profiles']);
    expect(causeIn(found)?.message).toContain('Another table took its name.');
    expect(causes(await afterSteps('SAFE'))).toEqual(['RENAMED_TABLE:social_profiles']);

    expect(await afterSteps('SAFE', 'CAUTION')).toMatchObject({ status: 'READY', drift: [] });
    expect(await counts(database.url)).toEqual(before);
  });

  test('brings ours back where it was moved', async () => {
    const before = await counts(database.url);
    await run(database, 'create schema archive', 'alter table social_profiles set schema archive', 'create table social_profiles (id int)');

    expect(await afterSteps('SAFE', 'CAUTION')).toMatchObject({ status: 'READY', drift: [] });
    expect(await counts(database.url)).toEqual(before);
  });

  test('makes no second one while ours may be there under a name that is alike', async () => {
    await run(database, 'alter table settings rename to settings_old', `insert into settings_old (key, value) values ('theme', '1')`, 'create table settings (id int)');
    expect(causes(await afterSteps('SAFE', 'CAUTION'))).toEqual(['RENAMED_TABLE:settings']);

    expect(await afterSteps('SAFE')).toMatchObject({ status: 'READY' });
    expect(await queryOnce(database.url, `select key from settings where key = 'theme'`)).toEqual([{ key: 'theme' }]);
  });
});
