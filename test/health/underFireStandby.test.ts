import { queryOnce } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { createCluster, type Cluster } from './cluster.ts';
import { checkOnce, healthOf } from './support.ts';

let primary: Cluster;
let standby: Cluster;
beforeAll(async () => {
  primary = await createCluster();
  await primary.stop();
  const { port, password } = new URL(primary.url);
  standby = await primary.copy(`primary_conninfo = 'host=127.0.0.1 port=${port} user=postgres password=${password}'`);
  await primary.start();
  await standby.start();
});
afterAll(async () => {
  await standby.remove();
  await primary.remove();
});

/** Until the standby has what was just done on the primary. */
async function caughtUp(): Promise<void> {
  const [{ place }] = (await queryOnce<{ place: string }>(primary.url, 'select pg_current_wal_lsn() as place')) as [{ place: string }];
  await waitFor(async () => (await queryOnce(standby.url, `select where pg_last_wal_replay_lsn() >= '${place}'`)).length > 0);
}

test('a hot standby is checked as its primary is, to the same fingerprint', async () => {
  const [here, there] = [await checkOnce(primary.url), await checkOnce(standby.url)];

  expect([here.status, there.status]).toEqual(['READY', 'READY']);
  expect(there.fingerprint).toBe(here.fingerprint);
});

test('drift arrives there with its proof, its evidence and the change behind it', async () => {
  const health = healthOf(standby.url);
  await health.check();
  await queryOnce(primary.url, 'alter table jobs drop constraint jobs_counters_not_negative');
  await queryOnce(primary.url, `insert into jobs (id, job_type, drafts_created) values (gen_random_uuid(), 'draft', -1)`);
  await caughtUp();
  const report = await health.check({ refresh: true });
  await health.close();

  expect(report.drift.map(({ id, evidence, change }) => [id, evidence?.split(',')[0], change?.statement])).toEqual([
    ['CHECK:jobs#jobs_counters_not_negative', '1 row breaks jobs_counters_not_negative', 'alter table jobs drop constraint jobs_counters_not_negative'],
  ]);
});

test('a lock on the primary, which the standby holds too, keeps nobody waiting', async () => {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: primary.url });
  await client.connect();
  await client.query('begin; lock table prospects in access exclusive mode');
  // The standby learns of the lock with what is written after it.
  await queryOnce(primary.url, 'create table noise (id int)');
  await caughtUp();
  const report = await checkOnce(standby.url);
  await client.end();

  expect(report.unverified.map(({ object }) => object)).toEqual(['prospects']);
  expect(report.blockers).toEqual([expect.objectContaining({ objects: ['prospects'] })]);
});
