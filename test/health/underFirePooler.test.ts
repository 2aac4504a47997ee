import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { hasPooler, startPooler, type Pooler } from '../support/pooler.ts';
import { shortest } from '../support/shortest.ts';
import { asServed, checkOnce, healthOf, holding } from './support.ts';

let database: TestDatabase;
let pooler: Pooler;
let url: string;

(hasPooler ? describe : describe.skip)('through PgBouncer in transaction mode', () => {
  beforeEach(async () => {
    database = await createTestDatabase();
    pooler = await startPooler(database.url, 'default_pool_size = 2');
    ({ url } = pooler);
  });
  afterEach(async () => {
    await pooler.stop();
    await database.drop();
  });

  test('a whole schema is READY, and to the same fingerprint', async () => {
    const [direct, pooled] = [await checkOnce(database.url), await checkOnce(url)];

    expect(pooled.status).toBe('READY');
    expect(pooled.fingerprint).toBe(direct.fingerprint);
  });

  test('drift is found with its proof, its evidence and the change behind it', async () => {
    await queryOnce(database.url, `insert into jobs (id, job_type) values (gen_random_uuid(), 'draft')`);
    await queryOnce(database.url, 'alter table jobs drop constraint jobs_counters_not_negative');
    const health = healthOf(url);
    const reports = [await health.check(), await health.check(), await health.check({ refresh: true })];
    await health.close();

    for (const { drift } of reports) {
      expect(drift.map(({ id, evidence, change }) => [id, evidence, change?.statement])).toEqual([
        ['CHECK:jobs#jobs_counters_not_negative', '0 rows break jobs_counters_not_negative', 'alter table jobs drop constraint jobs_counters_not_negative'],
      ]);
    }
  });

  test('a locked table is unverified, and its blocker is named', async () => {
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const report = await checkOnce(url);
    await holder.release();

    expect(report.unverified.map(({ object }) => object)).toEqual(['jobs']);
    expect(report.blockers).toEqual([expect.objectContaining({ pid: holder.pid, objects: ['jobs'] })]);
  });

  test('nothing of ours stays in the sessions that it lends to others', async () => {
    const settings = `select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout', 'search_path', 'default_transaction_read_only', 'timezone', 'row_security') order by 1`;
    const before = await queryOnce(url, settings);
    await queryOnce(database.url, 'drop table workers');
    await checkOnce(url);

    expect(await queryOnce(url, settings)).toEqual(before);
    expect(await queryOnce(url, 'select name from pg_prepared_statements')).toEqual([]);
  });

  test('a database that stopped answering behind it is not READY', async () => {
    const health = healthOf(url, asServed);
    await health.check();
    await queryOnce(new URL('/postgres', database.url).href, `alter database ${new URL(database.url).pathname.slice(1)} allow_connections false`);
    await queryOnce(new URL('/postgres', database.url).href, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(database.url).pathname.slice(1)}'`);
    const report = await shortest(3000, () => health.check({ refresh: true }), ({ durationMs }) => durationMs);
    await health.close();

    expect(report.status).toBe('UNREACHABLE');
    expect(report.durationMs).toBeLessThan(3000);
  });
});
