import { migrate } from '../../src/migrate/migrate.ts';
import { applyHistoryRepair, planHistoryRepair } from '../../src/health/history/mend/mendHistory.ts';
import { createRole, type TestRole } from '../health/roles.ts';
import { repairable, repairAll } from '../health/repairSupport.ts';
import { checkOnce, run } from '../health/support.ts';
import { createEmptyDatabase, createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';

/** Milliseconds: longer than a look at the catalog takes, shorter than a change under the trigger below. */
const LIMIT = 700;

let database: TestDatabase;
let owner: TestRole;
afterEach(async () => {
  await queryOnce(database.url, `drop event trigger if exists slow`);
  await queryOnce(database.url, `reassign owned by ${owner.name} to current_user`);
  await owner.drop();
  await database.drop();
});

/** Every change of the schema takes longer than a transaction of the owner may, whose settings spell names otherwise. */
async function limited(of: Promise<TestDatabase>): Promise<void> {
  database = await of;
  owner = await createRole(database, 'alter role %role superuser', 'alter role %role set quote_all_identifiers = on', 'alter role %role set standard_conforming_strings = off');
  const known = await queryOnce<{ name: string }>(database.url, `select name from pg_settings where name in ('transaction_timeout', 'statement_timeout')`);
  for (const { name } of known) await queryOnce(database.url, `alter role ${owner.name} set ${name} = ${LIMIT}`);
}

const slowly = (tag: string) => run(
  database,
  `create function slow() returns event_trigger language plpgsql as $$ begin perform pg_sleep(${(LIMIT * 1.5) / 1000}); end $$`,
  `create event trigger slow on ddl_command_end when tag in ('${tag}') execute function slow()`,
);

test('a migration takes as long as it takes, and makes the same, whatever settings its role has', async () => {
  await limited(createEmptyDatabase());
  await slowly('CREATE SCHEMA');
  const { applied } = await migrate({ url: owner.url });

  expect(applied.length).toBeGreaterThan(0);
  expect((await checkOnce(database.url)).drift).toEqual([]);
});

test('so does a repair', async () => {
  await limited(createTestDatabase());
  await run(database, 'alter table jobs alter column attempt set default 2');
  await slowly('ALTER TABLE');
  const repair = repairable(database.url, { ownerUrl: owner.url });
  const { failed, after } = await repairAll(repair);
  await repair.close();

  expect(failed).toEqual([]);
  expect(after.drift).toEqual([]);
});

test('so does mending the history', async () => {
  await limited(createTestDatabase());
  await run(database, 'drop table schema_migrations');
  await slowly('CREATE TABLE');
  const { planHash } = await planHistoryRepair(owner.url);
  await applyHistoryRepair(owner.url, planHash ?? '', () => {});
  await run(database, 'drop event trigger slow', 'alter table schema_migrations owner to current_user');

  expect((await checkOnce(database.url)).drift).toEqual([]);
});
