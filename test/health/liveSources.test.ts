import type { SchemaHealthMonitor, SchemaHealthReport } from '../../src/health/health.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { createRole, serving, type TestRole } from './roles.ts';
import { healthOf, holding } from './support.ts';

let database: TestDatabase;
let role: TestRole;
let health: SchemaHealthMonitor;
let heard: SchemaHealthReport[];
beforeEach(async () => {
  database = await createTestDatabase();
  role = await createRole(database, ...serving);
  heard = [];
  health = healthOf(role.url, { pollEvery: 100, policy: 'DEGRADE' });
  health.onChange((report) => heard.push(report));
  await waitFor(() => heard.at(-1)?.status === 'READY');
});
afterEach(async () => {
  await health.close();
  await role.drop();
  await database.drop();
});

const asAdmin = (sql: string) => queryOnce(database.url, sql.replaceAll('%role', role.name));
const ids = () => heard.at(-1)?.drift.map(({ id }) => id) ?? [];

test.each([
  ['a column', 'alter table jobs rename column drafts_created to x', 'alter table jobs rename column x to drafts_created', 'RENAMED_COLUMN:jobs.drafts_created'],
  ['a default', 'alter table jobs alter column status drop default', `alter table jobs alter column status set default 'pending'`, 'COLUMN_DEFAULT:jobs.status'],
  ['a rule', 'create rule swallow as on insert to jobs do instead nothing', 'drop rule swallow on jobs', 'RULE:jobs#swallow'],
  ['a trigger that is disabled', 'alter table schema_migrations disable trigger all', 'alter table schema_migrations enable trigger all', null],
  ['an index that is INVALID', `update pg_index set indisvalid = false where indexrelid = 'jobs_status'::regclass`, `update pg_index set indisvalid = true where indexrelid = 'jobs_status'::regclass`, 'INVALID_INDEX:jobs#jobs_status'],
  ['a right', 'revoke select on prospects from %role', 'grant select on prospects to %role', 'PRIVILEGE:prospects=SELECT'],
  ['the use of a schema', 'revoke usage on schema pgboss from %role', 'grant usage on schema pgboss to %role', 'PRIVILEGE:pgboss'],
  ['row security', 'alter table prospects enable row level security', 'alter table prospects disable row level security', 'ROW_SECURITY:prospects'],
  ['the search_path of the role', 'alter role %role set search_path = pgboss', 'alter role %role reset search_path', 'SEARCH_PATH:public'],
  ['the search_path of the role in this database', `do $$ begin execute format('alter role %role in database %I set search_path = pgboss', current_database()); end $$`, `do $$ begin execute format('alter role %role in database %I reset search_path', current_database()); end $$`, 'SEARCH_PATH:public'],
  ['a sequence', `insert into schema_changes ("user", command, objects) select 'u', 'TEST', '{}' from generate_series(1, 3); select setval(pg_get_serial_sequence('schema_changes', 'id'), 1)`, `select setval(pg_get_serial_sequence('schema_changes', 'id'), 1000)`, 'SEQUENCE:schema_changes.id#schema_changes_id_seq=behind'],
  ['a row of the history', `insert into schema_migrations select (jsonb_populate_record(m, '{"name": "zzzz_later"}')).* from schema_migrations m limit 1`, `delete from schema_migrations where name = 'zzzz_later'`, 'MIGRATION_UNKNOWN:zzzz_later'],
  ['the checksum of a migration', `update schema_migrations set checksum = 'x' || checksum where name like '0002%'`, `update schema_migrations set checksum = substr(checksum, 2) where name like '0002%'`, 'MIGRATION_CHANGED:0002_queue'],
])('drift in %s is told, and so is its mending', async (_what, change, mend, id) => {
  await asAdmin(change);
  if (id !== null) await waitFor(() => ids().includes(id));
  await asAdmin(mend);
  await waitFor(() => heard.at(-1)?.status === 'READY');

  expect(heard.at(-1)?.drift).toEqual([]);
});

test('a right that comes and goes with a group is told', async () => {
  const group = await createRole(database, ...serving);
  await asAdmin(`revoke all on all tables in schema public, pgboss from %role; grant ${group.name} to %role`);
  await waitFor(() => heard.at(-1)?.status === 'READY');
  await asAdmin(`revoke ${group.name} from %role`);
  await waitFor(() => ids().includes('PRIVILEGE:prospects=SELECT'));
  await asAdmin(`grant ${group.name} to %role`);
  await waitFor(() => heard.at(-1)?.status === 'READY');
  await group.drop();

  expect(heard.filter(({ drift }) => drift.some(({ kind }) => kind === 'PRIVILEGE'))).not.toEqual([]);
});

test('a lock that is taken and released is told, each once', async () => {
  const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
  await waitFor(() => heard.at(-1)?.status === 'UNVERIFIED');
  await holder.release();
  await waitFor(() => heard.at(-1)?.status === 'READY');

  expect(heard.map(({ status }) => status)).toEqual(['READY', 'UNVERIFIED', 'READY']);
});

test('a login that is refused and let in again is told', async () => {
  await asAdmin('alter role %role nologin');
  await waitFor(() => heard.at(-1)?.status === 'UNVERIFIED');
  await asAdmin('alter role %role login');
  await waitFor(() => heard.at(-1)?.status === 'READY');

  expect(heard.map(({ status }) => status)).toEqual(['READY', 'UNVERIFIED', 'READY']);
});

test('a repair in progress is told though the verdict be the same', async () => {
  const before = heard.length;
  await health.announce();

  expect(heard.slice(before).map(({ status }) => status)).toEqual(['READY']);
});

test('a listener that fails keeps nobody from hearing, and no check from answering', async () => {
  health.onChange(() => {
    throw new Error('a fault of its own');
  });
  await asAdmin('drop table workers');

  await waitFor(() => ids().includes('MISSING_TABLE:workers'));
  expect((await health.check()).status).toBe('BROKEN');
});

test('any number of listeners is one poll over one session', async () => {
  const told = [0, 0, 0];
  told.forEach((_, listener) => health.onChange(() => told[listener]!++));
  await asAdmin('drop index jobs_status');
  await waitFor(() => told.every((n) => n === 1));
  // A new session stands beside the old one for a moment.
  await waitFor(async () => (await asAdmin(`select from pg_stat_activity where application_name = 'outrider health' and datname = current_database()`)).length === 1);

  expect(told).toEqual([1, 1, 1]);
});
