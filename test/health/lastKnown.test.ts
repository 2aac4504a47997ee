import { type SchemaHealthMonitor } from '../../src/health/health.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { proxy } from './proxy.ts';
import { asServed, healthOf, holding } from './support.ts';

let database: TestDatabase;
let health: SchemaHealthMonitor | undefined;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await health?.close();
  await database.drop();
});

const dropped = { feature: 'JOBS', missing: ['jobs.drafts_created'], fix: 'outrider schema repair' };
const lockCatalog = ['set local allow_system_table_mods = on', 'lock table pg_class in access exclusive mode'];

describe('what is missing is still known', () => {
  test('while the catalog cannot be read, until a check says that it was mended', async () => {
    health = healthOf(database.url, { policy: 'DEGRADE' });
    await queryOnce(database.url, 'alter table jobs drop column drafts_created');
    await health.check();
    const holder = await holding(database.url, ...lockCatalog);
    const during = await health.check({ refresh: true });
    const known = [health.isBroken, health.missingFor('Mutation.startDraftJob'), health.missingIn('column "drafts_created" does not exist')];
    await holder.release();

    expect(during).toMatchObject({ status: 'UNVERIFIED', drift: [] });
    expect(known).toEqual([true, dropped, dropped]);

    await queryOnce(database.url, 'alter table jobs add column drafts_created int not null default 0');
    await health.check();
    expect(health.missingFor('Job.draftsCreated')).toBeNull();
  });

  test('while the database does not answer, and then while it cannot be read', async () => {
    const through = await proxy(database.url);
    health = healthOf(through.url, { policy: 'DEGRADE' });
    await queryOnce(database.url, 'alter table jobs drop column drafts_created');
    const before = await health.check();
    through.stop();

    expect((await health.check({ refresh: true })).status).toBe('UNREACHABLE');
    expect(health.missingFor('Mutation.startDraftJob')).toEqual(dropped);
    expect(health.isBroken).toBe(true);
    expect(before.features.filter(({ ready }) => !ready).map(({ feature }) => feature)).toEqual(['JOBS']);
  });

  test('of a table that is locked, where the lock hides it, and of its feature', async () => {
    health = healthOf(database.url, { policy: 'DEGRADE' });
    await queryOnce(database.url, 'alter table jobs drop column processed; alter table jobs add column processed int generated always as (done_count) stored; update jobs set status = status');
    const before = await health.check();
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const during = await health.check({ refresh: true });
    const isBroken = health.isBroken;
    await holder.release();

    expect(before.drift.map(({ id }) => id)).toContain('COLUMN_GENERATED:jobs.processed');
    expect(during.drift.map(({ id }) => id)).not.toContain('COLUMN_GENERATED:jobs.processed');
    expect(isBroken).toBe(true);
    expect(during.features).toEqual(before.features);
  });
});

test('what was never known is not made up', async () => {
  health = healthOf(database.url, { ...asServed, policy: 'DEGRADE' });
  const holder = await holding(database.url, ...lockCatalog);
  await health.check();
  const known = [health.isBroken, health.missingFor('Mutation.startDraftJob')];
  await holder.release();

  expect(known).toEqual([false, null]);
});
