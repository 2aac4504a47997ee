import { planHistoryRepair } from '../../src/health/history/mend/mendHistory.ts';
import { migrate } from '../../src/migrate/migrate.ts';
import { createReplicated } from '../support/cluster.ts';
import { queryOnce } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

let servers: Awaited<ReturnType<typeof createReplicated>>;
beforeAll(async () => {
  servers = await createReplicated();
});
afterAll(() => servers.remove());

test('on a standby migrate has nothing to do while nothing is pending, and says where to run it otherwise', async () => {
  expect((await migrate({ url: servers.standby.url })).applied).toEqual([]);

  await queryOnce(servers.primary.url, 'drop schema public, pgboss cascade; create schema public');
  await waitFor(async () => (await queryOnce(servers.standby.url, `select where to_regclass('jobs') is null`)).length > 0);
  await expect(migrate({ url: servers.standby.url })).rejects.toThrow(/^This server is a standby, which cannot be written: run migrate against the primary/);
  expect((await planHistoryRepair(servers.standby.url)).planHash).toBeNull();
});
