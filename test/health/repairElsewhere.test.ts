import { createEmptyDatabase, createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { repairable, type Repairable } from './repairSupport.ts';
import { run } from './support.ts';

let serving: TestDatabase;
let other: TestDatabase;
let repair: Repairable;
afterEach(async () => {
  await repair.close();
  await Promise.all([serving.drop(), other.drop()]);
});

const elsewhere = /DATABASE_OWNER_URL leads to another database than DATABASE_URL .*nothing was changed/;

test('a plan that was made for the database of DATABASE_URL runs in no other one, to which DATABASE_OWNER_URL leads', async () => {
  [serving, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await run(serving, 'alter table jobs rename column error to reason');
  await run(other, 'alter table jobs drop column error', 'alter table jobs add column reason text');
  repair = repairable(serving.url, { ownerUrl: other.url });
  const { planHash } = await repair.health.check();

  await expect(repair.repairs.repair({ planHash, by: 'a test' })).rejects.toThrow(elsewhere);
  expect(await queryOnce(other.url, `select attname from pg_attribute where attrelid = 'jobs'::regclass and attname in ('error', 'reason')`)).toEqual([{ attname: 'reason' }]);
  expect(await queryOnce(other.url, 'select from schema_repairs')).toEqual([]);
});

test('nor do migrations that a server is asked to apply', async () => {
  [serving, other] = await Promise.all([createEmptyDatabase(), createEmptyDatabase()]);
  repair = repairable(serving.url, { ownerUrl: other.url });

  await expect(repair.repairs.migrate({ by: 'a test' })).rejects.toThrow(elsewhere);
  expect(await queryOnce(other.url, `select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
});
