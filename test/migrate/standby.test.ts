import { planHistoryRepair } from '../../src/health/history/mend/mendHistory.ts';
import { migrate } from '../../src/migrate/migrate.ts';
import { createCluster, type Cluster } from '../health/cluster.ts';
import { queryOnce } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

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

test('on a standby migrate has nothing to do while nothing is pending, and says where to run it otherwise', async () => {
  expect((await migrate({ url: standby.url })).applied).toEqual([]);

  await queryOnce(primary.url, 'drop schema public, pgboss cascade; create schema public');
  await waitFor(async () => (await queryOnce(standby.url, `select where to_regclass('jobs') is null`)).length > 0);
  await expect(migrate({ url: standby.url })).rejects.toThrow(/^This server is a standby, which cannot be written: run migrate against the primary/);
  expect((await planHistoryRepair(standby.url)).planHash).toBeNull();
});
