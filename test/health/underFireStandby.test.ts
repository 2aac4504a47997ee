import { queryOnce } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { createReplicated } from '../support/cluster.ts';
import { checkOnce, healthOf } from './support.ts';

let servers: Awaited<ReturnType<typeof createReplicated>>;
beforeAll(async () => {
  servers = await createReplicated();
});
afterAll(() => servers.remove());

/** Until the standby has what was just done on the primary. */
async function caughtUp(): Promise<void> {
  const [{ place }] = (await queryOnce<{ place: string }>(servers.primary.url, 'select pg_current_wal_lsn() as place')) as [{ place: string }];
  await waitFor(async () => (await queryOnce(servers.standby.url, `select where pg_last_wal_replay_lsn() >= '${place}'`)).length > 0);
}

const standby = 'PRIVILEGE:pg_is_in_recovery';

test('a hot standby is checked as its primary is, to the same fingerprint, and is BROKEN for what writes alone', async () => {
  const [here, there] = [await checkOnce(servers.primary.url), await checkOnce(servers.standby.url)];

  expect([here.status, there.status]).toEqual(['READY', 'BROKEN']);
  expect(there.drift.map(({ id, effect, sqlState }) => [id, effect, sqlState])).toEqual([[standby, 'WRITE_FAILS', '25006']]);
  expect(there.summary).toContain('Nothing can be written: this PostgreSQL is in recovery');
  expect(there.drift[0]?.affects).toEqual(expect.arrayContaining(['Mutation.startDraftJob']));
  expect(there.drift[0]?.affects.filter((coordinate) => coordinate.startsWith('Query.'))).toEqual([]);
  expect(there.fingerprint).toBe(here.fingerprint);
});

test('drift arrives there with its proof, its evidence and the change behind it', async () => {
  const health = healthOf(servers.standby.url);
  await health.check();
  await queryOnce(servers.primary.url, 'alter table jobs drop constraint jobs_counters_not_negative');
  await queryOnce(servers.primary.url, `insert into jobs (id, job_type, drafts_created) values (gen_random_uuid(), 'draft', -1)`);
  await caughtUp();
  const report = await health.check({ refresh: true });
  await health.close();

  expect(report.drift.filter(({ id }) => id !== standby).map(({ id, evidence, change }) => [id, evidence?.split(',')[0], change?.statement])).toEqual([
    ['CHECK:jobs#jobs_counters_not_negative', '1 row breaks jobs_counters_not_negative', 'alter table jobs drop constraint jobs_counters_not_negative'],
  ]);
});

test('a lock on the primary, which the standby holds too, keeps nobody waiting', async () => {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: servers.primary.url });
  await client.connect();
  await client.query('begin; lock table prospects in access exclusive mode');
  // The standby learns of the lock with what is written after it.
  await queryOnce(servers.primary.url, 'create table noise (id int)');
  await caughtUp();
  const report = await checkOnce(servers.standby.url);
  await client.end();

  expect(report.unverified.map(({ object }) => object)).toEqual(['prospects']);
  expect(report.blockers).toEqual([expect.objectContaining({ objects: ['prospects'] })]);
});
