import { join, resolve } from 'node:path';
import type { SchemaHealthReport } from '../../src/health/health.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { runOutrider, type Ended } from '../support/program.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

function repair(...args: string[]): Promise<Ended> {
  return runOutrider(['schema', 'repair', ...args], { DATABASE_URL: database.url, DATA_DIR: join(resolve('node_modules/.cache'), 'outrider-health') });
}

async function planHash(): Promise<string> {
  return (JSON.parse((await repair('--json')).out) as SchemaHealthReport).planHash ?? '';
}

describe('outrider schema repair', () => {
  test('shows the steps with their risk, lock, cost and undo, and how to run them; it changes nothing', async () => {
    await queryOnce(database.url, 'drop index jobs_status');
    const { code, out } = await repair();

    expect(out).toContain('  1. SAFE  INDEX:jobs#jobs_status\n');
    expect(out).toContain('create index concurrently "jobs_status"');
    expect(out).toMatch(/lock {4}SHARE UPDATE EXCLUSIVE, for \d+ ms/);
    expect(out).toContain('undo    drop index concurrently "jobs_status"');
    expect(out).toMatch(/outrider schema repair --apply [0-9a-f]{32}\n/);
    expect(code).toBe(0);
    expect(await queryOnce(database.url, `select to_regclass('jobs_status') as index`)).toEqual([{ index: null }]);
  });

  test('runs the safe steps of the plan that was read, says how far it is, keeps every row, and ends READY', async () => {
    await queryOnce(database.url, `insert into jobs (id, job_type, drafts_created) values (gen_random_uuid(), 'draft', 7)`);
    await queryOnce(database.url, 'alter table jobs drop column drafts_created; drop index jobs_status; drop trigger jobs_touch on jobs');
    const { code, out, err } = await repair('--apply', await planHash());

    expect(err).toContain('[1/5] alter table "jobs" add column "drafts_created"');
    expect(err).toContain('[5/5]');
    expect(out).toMatch(/^5 done\. READY/);
    expect(code).toBe(0);
    expect(await queryOnce(database.url, 'select drafts_created from jobs')).toEqual([{ drafts_created: 0 }]);
    expect(await queryOnce(database.url, 'select requested_by, state from schema_repairs')).toEqual([{ requested_by: 'cli', state: 'done' }]);
  });

  test('runs a CAUTION step only when it is named', async () => {
    await queryOnce(database.url, 'alter table activities set unlogged');
    const first = await repair('--apply', await planHash());
    const named = await repair('--apply', await planHash(), '--step', 'PERSISTENCE:activities', '--json');

    expect(first.out).toMatch(/^0 done, 1 skipped\. BROKEN/);
    expect(JSON.parse(named.out)).toMatchObject({ executed: [{ id: 'PERSISTENCE:activities' }], health: { status: 'READY' } });
  });

  test('refuses a plan of another schema and runs nothing', async () => {
    await queryOnce(database.url, 'drop index jobs_status');
    const hash = await planHash();
    await queryOnce(database.url, 'drop index jobs_job_type');
    const { code, err } = await repair('--apply', hash);

    expect(err).toContain('Nothing was changed');
    expect(code).toBe(1);
    expect(await queryOnce(database.url, `select to_regclass('jobs_status') as index`)).toEqual([{ index: null }]);
  });

  test('exits 1 with the reason when a step fails', async () => {
    await queryOnce(database.url, 'alter table workers drop constraint workers_pkey');
    await queryOnce(database.url, `insert into workers (id, name, version) select md5('x')::uuid, 'twin', '1' from generate_series(1, 2)`);
    const { code, err } = await repair('--apply', await planHash(), '--step', 'PRIMARY_KEY:workers#workers_pkey');

    expect(err).toContain('A step failed (The rows do not fit');
    expect(code).toBe(1);
  });
});
