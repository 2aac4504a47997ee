import { randomUUID } from 'node:crypto';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { fill, repairable, repairAll, type Repairable } from './repairSupport.ts';
import { run } from './support.ts';

let database: TestDatabase;
let role: string;
let serving: string;
let repair: Repairable;

beforeEach(async () => {
  database = await createTestDatabase();
  await fill(database.url);
  role = `app_${randomUUID().slice(0, 8)}`;
  await run(
    database,
    `create role ${role} login password 'secret'`,
    `grant usage on schema public, pgboss to ${role}`,
    `grant select, insert, update, delete on all tables in schema public, pgboss to ${role}`,
    `grant usage on all sequences in schema public, pgboss to ${role}`,
  );
  const url = new URL(database.url);
  url.username = role;
  url.password = 'secret';
  serving = url.href;
  repair = repairable(serving, { ownerUrl: database.url });
});
afterEach(async () => {
  await repair.close();
  await run(database, `drop owned by ${role}`);
  await database.drop();
  await queryOnce(database.url.replace(/\/[^/]*$/, '/postgres'), `drop role ${role}`);
});

const rights: [what: string, statements: (role: string) => string[]][] = [
  ['a right on a table', (name) => [`revoke select on prospects from ${name}`]],
  ['several rights on a table', (name) => [`revoke all on jobs from ${name}`]],
  ['a right on a column', (name) => [`revoke select on prospects from ${name}`, `grant select (id, canonical_key) on prospects to ${name}`]],
  ['the right to use a schema', (name) => [`revoke usage on schema pgboss from ${name}`]],
  ['the right on a function', () => ['revoke execute on function search_document from public']],
  ['the right on the history', (name) => [`revoke all on schema_migrations from ${name}`]],
  ['a search_path that leads to our schema', (name) => [`create schema elsewhere`, `do $$ begin execute format('alter role ${name} in database %I set search_path = elsewhere', current_database()); end $$`]],
  ['triggers that fire', (name) => [`do $$ begin execute format('alter role ${name} in database %I set session_replication_role = replica', current_database()); end $$`]],
  ['the sight of its rows', () => ['alter table prospects enable row level security']],
  ['a table, which the owner makes again', () => ['drop table workers cascade']],
  ['the schema of the queue', () => ['drop schema pgboss cascade']],
];

test.each(rights)('a repair by the owner gives the serving role %s', async (_, statements) => {
  expect((await repair.health.check()).drift).toEqual([]);
  await run(database, ...statements(role));

  const { failed, skipped, before, after } = await repairAll(repair);

  expect(before.drift).not.toEqual([]);
  expect(before.drift.map(({ kind }) => kind)).not.toContain('MISSING_COLUMN');
  expect({ failed, skipped }).toEqual({ failed: [], skipped: [] });
  expect(after.drift).toEqual([]);
});

test.each([
  ['of another one’s table', 'drop index jobs_status'],
  ['that it may not give', 'ROLE'],
])('a role without rights is told which ones a step %s needs', async (_, statement) => {
  await run(database, statement === 'ROLE' ? `revoke update on jobs from ${role}` : statement);
  const weak = repairable(serving);
  try {
    const { failed, executed } = await repairAll(weak);
    expect(executed).toEqual([]);
    expect(failed[0]?.error).toMatch(new RegExp(`The role ${role} may not do this.*DATABASE_OWNER_URL`));
  } finally {
    await weak.close();
  }
});
