import type { SchemaDrift, SchemaHealthReport } from '../../src/health/health.ts';
import { createTestDatabase, queryOnce } from '../support/database.ts';
import { createDepot, depotHealth, dropDepot, makeDepot } from './depot.ts';
import { checkOnce, run } from './support.ts';

beforeAll(makeDepot);
afterAll(dropDepot);

let roles = 0;

/** The report for a role that may do what a server does, after the statements; in them "app" is its name, "team" a group's. */
async function reportFor(statements: string[], second = false): Promise<SchemaHealthReport> {
  const database = await (second ? createDepot() : createTestDatabase());
  roles += 1;
  const [app, team] = [`app_${process.pid}_${roles}`, `team_${process.pid}_${roles}`];
  const schemas = second ? 'public, side' : 'public, pgboss';
  const grants = [
    `create role team`,
    `create role app login password 'app'`,
    `grant usage on schema ${schemas} to app`,
    `grant select, insert, update, delete on all tables in schema ${schemas} to app`,
    `grant usage on all sequences in schema ${schemas} to app`,
  ];
  const url = new URL(database.url);
  [url.username, url.password] = [app, 'app'];
  try {
    await run(database, ...[...grants, ...statements].map((sql) => sql.replaceAll(/\b(?:app|team)\b(?!')/g, (name) => (name === 'app' ? app : team))));
    if (!second) return await checkOnce(url.href);
    const health = depotHealth(url.href);
    return await health.check().finally(() => health.close());
  } finally {
    await run(database, `drop owned by ${app}, ${team}`);
    await database.drop();
    await queryOnce(database.url.replace(/\/[^/]*$/, '/postgres'), `drop role ${app}, ${team}`);
  }
}

type Expectation = [what: string, statements: string[], drift: Partial<SchemaDrift>];

const onOurs: Expectation[] = [
  ['a table that may not be read', ['revoke select on prospects from app'], { kind: 'PRIVILEGE', table: 'prospects', effect: 'FAILS', sqlState: '42501', expected: 'SELECT', actual: 'no SELECT' }],
  ['a table that may not be written', ['revoke insert on jobs from app'], { kind: 'PRIVILEGE', table: 'jobs', effect: 'WRITE_FAILS', expected: 'INSERT' }],
  ['rows that may not be deleted', ['revoke delete on prospects from app'], { kind: 'PRIVILEGE', table: 'prospects', effect: 'WRITE_FAILS', expected: 'DELETE' }],
  ['a column that may not be read, of a table granted by columns', ['revoke select on rate_limits from app', 'grant select (key, expire) on rate_limits to app'], { kind: 'PRIVILEGE', table: 'rate_limits', column: 'points', effect: 'FAILS', expected: 'SELECT' }],
  ['a column that may not be changed', ['revoke update on rate_limits from app', 'grant update (key, expire) on rate_limits to app'], { kind: 'PRIVILEGE', table: 'rate_limits', column: 'points', effect: 'WRITE_FAILS', expected: 'UPDATE' }],
  ['a schema that may not be entered', ['revoke usage on schema pgboss from app'], { kind: 'PRIVILEGE', object: 'pgboss', table: null, effect: 'FAILS', expected: 'USAGE' }],
  ['the main schema that may not be entered', ['revoke usage on schema public from app', 'revoke usage on schema public from public'], { kind: 'PRIVILEGE', object: 'public', effect: 'FAILS', expected: 'USAGE' }],
  ['a function that may not be called', ['revoke execute on function pgboss.job_now() from public'], { kind: 'PRIVILEGE', object: 'pgboss.job_now()', effect: 'FAILS', expected: 'EXECUTE' }],
  ['a right that a group has and that is not inherited', ['revoke select on prospects from app', 'grant select on prospects to team', 'alter role app noinherit', 'grant team to app'], { kind: 'PRIVILEGE', table: 'prospects', expected: 'SELECT' }],
  ['row security without a policy', ['alter table prospects enable row level security'], { kind: 'ROW_SECURITY', table: 'prospects', effect: 'SILENT', sqlState: '42501', actual: 'row security without a policy for it' }],
  ['a policy that hides rows', ['alter table prospects enable row level security', `create policy p on prospects using (display_name = 'x')`], { kind: 'ROW_SECURITY', table: 'prospects', effect: 'SILENT' }],
  ['a policy that is meant for somebody else', ['alter table prospects enable row level security', 'create policy p on prospects to team using (true)'], { kind: 'ROW_SECURITY', table: 'prospects', effect: 'SILENT' }],
  ['a policy for reads alone', ['alter table prospects enable row level security', 'create policy p on prospects for select using (true)'], { kind: 'ROW_SECURITY', table: 'prospects', effect: 'LOST_WRITE' }],
  ['a policy that refuses new rows', ['alter table prospects enable row level security', 'create policy p on prospects using (true) with check (false)'], { kind: 'ROW_SECURITY', table: 'prospects', effect: 'WRITE_FAILS', sqlState: '42501' }],
  ['a restrictive policy', ['alter table prospects enable row level security', 'create policy p on prospects using (true)', 'create policy q on prospects as restrictive using (false)'], { kind: 'ROW_SECURITY', effect: 'SILENT' }],
  ['a search_path that leads past us', ['create schema other', 'alter role app set search_path = other'], { kind: 'SEARCH_PATH', object: 'public', effect: 'FAILS', sqlState: '42P01' }],
  ['another table before ours', ['create schema other', 'create table other.jobs (id int)', 'grant usage on schema other to app', 'alter role app set search_path = other, public'], { kind: 'SEARCH_PATH', table: 'jobs', effect: 'SILENT' }],
  ['another type before ours', ['create schema other', `create type other.role as enum ('x')`, 'grant usage on schema other to app', 'alter role app set search_path = other, public'], { kind: 'SEARCH_PATH', object: 'role', effect: 'FAILS', sqlState: '42804' }],
  ['another function before one of PostgreSQL', [`create function public.now() returns timestamptz language sql return 'epoch'::timestamptz`, 'alter role app set search_path = public, pg_catalog'], { kind: 'SEARCH_PATH', object: 'now()', effect: 'SILENT', expected: 'pg_catalog.now()' }],
  ['another operator before one of PostgreSQL', ['create function public.never(uuid, uuid) returns boolean language sql return false', 'create operator public.= (leftarg = uuid, rightarg = uuid, function = public.never)', 'alter role app set search_path = public, pg_catalog'], { kind: 'SEARCH_PATH', object: '=(uuid,uuid)', effect: 'SILENT' }],
  ['another type before one of PostgreSQL', ['create domain public.uuid as text', 'alter role app set search_path = public, pg_catalog'], { kind: 'SEARCH_PATH', object: 'uuid', effect: 'FAILS' }],
];

const onSecond: Expectation[] = [
  ['a sequence that may not be used', ['revoke usage on sequence orders_id_seq from app'], { kind: 'PRIVILEGE', table: 'orders', column: 'id', object: 'orders_id_seq', effect: 'WRITE_FAILS', expected: 'USAGE' }],
  ['a view that may not be read', ['revoke select on large from app'], { kind: 'PRIVILEGE', table: 'large', effect: 'FAILS', expected: 'SELECT' }],
  ['another function before ours', ['create schema other', `create function other.shout(word text) returns text language sql return 'x'`, 'grant usage on schema other to app', 'alter role app set search_path = other, public'], { kind: 'SEARCH_PATH', object: 'shout(word text)', effect: 'SILENT' }],
];

const uniquely = (drift: readonly SchemaDrift[]) => drift.filter(({ causedBy, effect }) => causedBy === null && effect !== 'NONE');

describe('a check by a role of few rights', () => {
  test.each(onOurs)('names %s', async (_, statements, expected) => {
    const { drift } = await reportFor(statements);

    expect(uniquely(drift)[0]).toMatchObject(expected);
    expect(drift.map(({ kind }) => kind)).not.toContain('MISSING_TABLE');
  });

  test.each(onSecond)('names %s in the second schema', async (_, statements, expected) => {
    const { drift } = await reportFor(statements, true);

    expect(uniquely(drift)[0]).toMatchObject(expected);
  });

  test('says the grant that is lacking', async () => {
    const { drift } = await reportFor(['revoke select on prospects from app']);

    expect(drift[0]?.message).toMatch(/^The role app_\d+_\d+ may not SELECT on prospects\. It needs: grant select on prospects to app_\d+_\d+\.$/);
  });

  test('does not call the history empty that it may not read', async () => {
    const { drift, migrations } = await reportFor(['revoke all on schema_migrations from app']);

    expect(drift.map(({ kind }) => kind)).toContain('HISTORY_UNREADABLE');
    expect(drift.map(({ kind }) => kind)).not.toContain('MIGRATION_PENDING');
    expect(migrations).toBeNull();
  });
});

const harmless: [what: string, statements: string[], second?: boolean][] = [
  ['nothing', []],
  ['rights that come through a group', ['revoke all on prospects from app', 'grant select, insert, update, delete on prospects to team', 'grant team to app']],
  ['rights that everybody has', ['revoke all on prospects from app', 'grant select, insert, update, delete on prospects to public']],
  ['rights on every column', ['revoke select, insert, update on rate_limits from app', 'grant select (key, points, expire), insert (key, points, expire), update (key, points, expire) on rate_limits to app']],
  ['a table that may not be truncated', ['revoke truncate, references, trigger on prospects from app']],
  ['a type that may not be used for new columns', ['revoke usage on type role from public']],
  ['row security that lets everything pass', ['alter table prospects enable row level security', 'create policy p on prospects using (true)']],
  ['row security that lets each command pass', ['alter table prospects enable row level security', 'create policy a on prospects for select using (true)', 'create policy b on prospects for insert with check (true)', 'create policy c on prospects for update using (true)', 'create policy d on prospects for delete using (true)']],
  ['row security that does not bind the role', ['alter table prospects enable row level security', 'alter role app bypassrls']],
  ['triggers whose functions may not be called', ['revoke execute on function touch_updated_at() from public', 'revoke execute on function check_transition() from public']],
  ["PostgreSQL's own names after ours, where nothing bears them, or an extension", ['create extension pgcrypto', 'create function public.now(int) returns int language sql return 1', 'alter role app set search_path = public, pg_catalog']],
  ["PostgreSQL's own names before ours, as always", [`create function public.now() returns timestamptz language sql return 'epoch'::timestamptz`, 'create domain public.uuid as text']],
  ['a search_path with more in it', ['create schema other', 'grant usage on schema other to app', 'alter role app set search_path = public, other', 'create table other.jobs (id int)']],
  ['settings of the role that change how PostgreSQL writes', [`alter role app set timezone = 'Asia/Tokyo'`, `alter role app set datestyle = 'German'`, 'alter role app set quote_all_identifiers = on']],
  ['an identity whose sequence may not be used', ['revoke usage on sequence invoices_id_seq from app'], true],
  ['everything in the second schema', [], true],
];

describe('a check by a role of few rights is silent about', () => {
  test.each(harmless)('%s', async (...[, statements, second]) => {
    const { status, drift } = await reportFor(statements, second);

    expect(drift).toEqual([]);
    expect(status).toBe('READY');
  });
});
