import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { createRole, serving, type TestRole } from './roles.ts';
import { checkOnce, holding } from './support.ts';

let database: TestDatabase;
let role: TestRole | undefined;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await role?.drop();
  role = undefined;
  await database.drop();
});

/** The report for a server's role after the statements took something from it. */
async function reportFor(...statements: string[]) {
  role = await createRole(database, ...serving, ...statements);
  return checkOnce(role.url);
}

const told = ({ drift }: Awaited<ReturnType<typeof reportFor>>) => drift.map(({ id, effect, sqlState }) => [id, effect, sqlState]);

describe('a role that serves', () => {
  test('and has just what it needs finds nothing', async () => {
    expect((await reportFor()).status).toBe('READY');
  });

  test('may have its rights through a group', async () => {
    const group = await createRole(database, ...serving);
    role = await createRole(database, `grant ${group.name} to %role`);
    const report = await checkOnce(role.url);
    await role.drop();
    role = undefined;
    await group.drop();

    expect(report.status).toBe('READY');
  });

  test('and lost a right on a table is told which, not that the table is missing', async () => {
    const report = await reportFor('revoke select on prospects from %role', 'alter table jobs enable row level security');

    expect(told(report)).toEqual([
      ['ROW_SECURITY:jobs', 'SILENT', '42501'],
      ['PRIVILEGE:prospects=SELECT', 'FAILS', '42501'],
    ]);
  });

  test('and only reads is told each right that it lacks', async () => {
    const report = await reportFor('revoke insert, update, delete on all tables in schema public, pgboss from %role', 'alter role %role set default_transaction_read_only = on');

    // What health itself remembers is no operation's loss.
    expect(new Set(report.drift.map(({ kind, effect }) => `${kind} ${effect}`))).toEqual(new Set(['PRIVILEGE WRITE_FAILS', 'PRIVILEGE LATENT']));
    expect(report.database?.user).toBe(role!.name);
  });

  test('and may use one column only is not told that the others are missing', async () => {
    const report = await reportFor('revoke select on prospects from %role', 'grant select (id, display_name) on prospects to %role');

    expect(report.status).toBe('BROKEN');
    expect(new Set(report.drift.map(({ kind, table }) => `${kind} ${table}`))).toEqual(new Set(['PRIVILEGE prospects']));
  });

  test('and may not use a schema is told so once', async () => {
    await queryOnce(database.url, 'revoke usage on schema public from public');
    const report = await reportFor('revoke usage on schema public from %role');

    expect(report.drift.map(({ id }) => id)).toEqual(['PRIVILEGE:public', 'HISTORY_UNREADABLE:schema_migrations']);
    expect(report.migrations?.migrations ?? []).toEqual([]);
  });

  test('and whose path does not lead to our schema is told so once', async () => {
    const report = await reportFor('alter role %role set search_path = pgboss');

    expect(report.drift.map(({ id }) => id)).toEqual(['SEARCH_PATH:public']);
    expect(report.features.filter(({ ready }) => ready).map(({ feature }) => feature)).toEqual([]);
    expect(report.drift[0]?.affects).toContain('Query.prospects');
  });

  test('and may not read the history is told so, and nothing is called pending', async () => {
    const report = await reportFor('revoke select on schema_migrations from %role');

    expect(report.drift.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['HISTORY_UNREADABLE']));
    expect(report.drift.map(({ kind }) => kind)).not.toContain('MIGRATION_PENDING');
    expect(report.drift.find(({ kind }) => kind === 'HISTORY_UNREADABLE')?.message).toContain('Grant this role SELECT');
    expect(report.migrations).toBeNull();
  });

  test('and may not read who is connected still gets the whole answer', async () => {
    await queryOnce(database.url, 'revoke select on pg_stat_activity from public');
    role = await createRole(database, ...serving);
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const report = await checkOnce(role.url);
    await holder.release();

    expect(report.status).toBe('UNVERIFIED');
    expect(report.blockers).toEqual([expect.objectContaining({ pid: holder.pid, user: 'postgres', query: null, objects: ['jobs'] })]);
  });
});
