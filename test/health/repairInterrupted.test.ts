import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { runOutrider, startOutrider, type Ended } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';
import { contents, fill, repairable, repairAll, type Repairable } from './repairSupport.ts';
import { checkOnce, holding } from './support.ts';

let database: TestDatabase;
let repair: Repairable;
beforeEach(async () => {
  database = await createTestDatabase();
  await fill(database.url);
  repair = repairable(database.url);
});
afterEach(async () => {
  await repair.close();
  await database.drop();
});

const environment = () => ({ DATABASE_URL: database.url, DATA_DIR: join(resolve('node_modules/.cache'), 'outrider-health') });
const sql = <Row extends Record<string, any> = any>(text: string, values?: unknown[]) => queryOnce<Row>(database.url, text, values);
const running = (application: string, query: string) => sql('select pid from pg_stat_activity where application_name = $1 and query ilike $2', [application, query]);

async function planHash(): Promise<string> {
  return (await checkOnce(database.url)).planHash ?? '';
}

function apply(hash: string): Promise<Ended> {
  return runOutrider(['schema', 'repair', '--apply', hash], environment());
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('a repair that is killed while it builds an index completes when it is run again', async () => {
  const ours = await contents(database.url);
  await sql('drop index jobs_status');
  await sql('alter table jobs disable trigger jobs_touch');
  // The build waits for this transaction, and leaves an INVALID index when it is interrupted there.
  const other = await holding(database.url, 'delete from jobs where false');
  const program = startOutrider(['schema', 'repair', '--apply', await planHash()], environment());
  await waitFor(async () => (await running('outrider repair', 'create index concurrently%')).length > 0);
  await waitFor(async () => (await sql(`select to_regclass('jobs_status') as found`))[0].found !== null);
  await kill(program.process);
  await waitFor(async () => (await running('outrider repair', '%')).length === 0);
  await other.release();

  expect((await checkOnce(database.url)).drift.map(({ id }) => id)).toContain('INVALID_INDEX:jobs#jobs_status');
  expect(await sql('select state from schema_repairs')).toEqual([{ state: 'running' }]);
  const { code, out } = await apply(await planHash());
  expect(out).toContain('READY');
  expect(code).toBe(0);
  expect(await contents(database.url)).toEqual(ours);
  expect(await sql('select state, error from schema_repairs order by created_at')).toEqual([{ state: 'failed', error: expect.stringContaining('abandoned') }, { state: 'done', error: null }]);
});

test('a repair that loses its connection in the midst says so, and completes when it is run again', async () => {
  await sql('drop index jobs_status');
  await sql('drop index jobs_created_at');
  const other = await holding(database.url, 'delete from jobs where false');
  const first = repairAll(repair);
  const [{ pid }] = await waitFor(async () => {
    const found = await running('outrider repair', 'create index concurrently%');
    return found.length > 0 ? found : null;
  });
  await sql('select pg_terminate_backend($1)', [pid]);
  const { failed } = await first;
  await other.release();

  expect(failed[0]?.error).toContain('connection was lost');
  expect(await repairAll(repair)).toMatchObject({ failed: [], skipped: [], after: { status: 'READY' } });
});

test('a lock that is never granted fails its step, holds nobody up for long, and the next run completes', async () => {
  await sql('alter table jobs alter column attempt set default 2');
  const other = await holding(database.url, 'select from jobs limit 1');

  const { failed, after } = await repairAll(repair);
  expect(failed).toMatchObject([{ id: 'COLUMN_DEFAULT:jobs.attempt', error: expect.stringContaining('ACCESS EXCLUSIVE') }]);
  expect(failed[0]?.error).toContain(String(other.pid));
  expect(after.status).toBe('BROKEN');
  await other.release();
  expect(await repairAll(repair)).toMatchObject({ failed: [], after: { status: 'READY' } });
});

test('a lock that is granted late is waited for, in short attempts', async () => {
  await repair.close();
  repair = repairable(database.url, { attempts: 8 });
  await sql('alter table jobs alter column attempt set default 2');
  const other = await holding(database.url, 'select from jobs limit 1');
  const waiting: string[] = [];
  const { planHash: hash } = await repair.health.check({ refresh: true });
  const { settled, progress } = await repair.repairs.repair({ planHash: hash, by: 'a test' }, { waiting: (_, reason) => void waiting.push(reason) });
  await waitFor(() => waiting.length > 0);
  await other.release();

  expect((await settled).status).toBe('READY');
  expect(progress.failed).toEqual([]);
});

test('a build that fails leaves no INVALID index', async () => {
  await sql('alter table workers drop constraint workers_pkey');
  await sql(`insert into workers (id, name, version) select id, 'twin', '1' from workers limit 1`);

  const { failed } = await repairAll(repair);
  expect(failed[0]?.error).toContain('duplicated');
  expect(await sql('select indexrelid::regclass from pg_index where not indisvalid')).toEqual([]);
});

test('only one of two repairs at once runs', async () => {
  await sql('drop index jobs_status');
  const hash = await planHash();
  const other = await holding(database.url, 'delete from jobs where false');
  const { settled } = await repair.repairs.repair({ planHash: hash, by: 'the first' });
  const { code, err } = await apply(hash);
  await other.release();
  await settled;

  expect(err).toContain('Another repair or migration is running');
  expect(code).toBe(1);
});

test('closing cancels the step that runs, leaves no INVALID index, and says so in the record', async () => {
  await sql('drop index jobs_status');
  const other = await holding(database.url, 'delete from jobs where false');
  const { settled, progress } = await repair.repairs.repair({ planHash: await planHash(), by: 'a test' });
  await waitFor(async () => (await running('outrider repair', 'create index concurrently%')).length > 0);
  const closed = repair.repairs.close();
  await waitFor(async () => (await running('outrider repair', 'create index concurrently%')).length === 0);
  await other.release();
  await closed;
  await settled;

  expect(progress.failed[0]?.error).toContain('stopping');
  expect(await sql('select indexrelid::regclass from pg_index where not indisvalid')).toEqual([]);
  expect(await sql('select state, error from schema_repairs')).toMatchObject([{ state: 'failed', error: expect.stringContaining('stopping') }]);
});

test('the record is renewed while a step goes on', async () => {
  await sql('drop index jobs_status');
  const other = await holding(database.url, 'delete from jobs where false');
  const { settled } = await repair.repairs.repair({ planHash: await planHash(), by: 'a test' });
  const [first] = await waitFor(async () => {
    const rows = await sql(`select seen_at, steps from schema_repairs where steps -> 0 ->> 'state' = 'running'`);
    return rows.length > 0 ? rows : null;
  });
  await waitFor(async () => (await sql('select seen_at from schema_repairs where seen_at > $1', [first.seen_at])).length > 0);
  await waitFor(async () => String((await sql(`select steps -> 0 ->> 'waitingFor' as who from schema_repairs`))[0].who).includes(String(other.pid)));
  await other.release();
  await settled;

  expect(await sql(`select steps -> 0 ->> 'state' as state from schema_repairs`)).toEqual([{ state: 'done' }]);
});

test('a repair mends the tables in which it is written down, first, and is written down in the end', async () => {
  await sql('drop table schema_repairs cascade');
  await sql('drop table activities cascade');
  await sql('drop index jobs_status');

  expect(await repairAll(repair)).toMatchObject({ failed: [], skipped: [], after: { status: 'READY' } });
  expect(await sql('select state, requested_by from schema_repairs')).toEqual([{ state: 'done', requested_by: 'a test' }]);
  const rows = await sql(`select details ->> 'sql' as sql from activities where action = 'schema.repaired'`);
  expect(rows.length).toBeGreaterThan(5);
});

test('a step that fails stops what rests on it, and nothing else', async () => {
  await sql('alter table job_chunks drop constraint job_chunks_job_id_foreign');
  await sql(`insert into job_chunks (job_id, number, first_ordinal, target_count) values (gen_random_uuid(), 1, 1, 1)`);
  await sql('drop index jobs_status');

  const { executed, failed } = await repairAll(repair);
  expect(failed).toMatchObject([{ sql: expect.stringContaining('validate constraint'), error: expect.stringContaining('rows do not fit') }]);
  expect(executed.map(({ id }) => id)).toEqual(expect.arrayContaining(['INDEX:jobs#jobs_status', 'FOREIGN_KEY:job_chunks#job_chunks_job_id_foreign']));
});
