import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { shortest } from '../support/shortest.ts';
import { proxy } from './proxy.ts';
import { createRole, serving, type TestRole } from './roles.ts';
import { checkOnce, healthOf, refused } from './support.ts';

let database: TestDatabase;
let role: TestRole;
beforeEach(async () => {
  database = await createTestDatabase();
  role = await createRole(database, ...serving);
});
afterEach(async () => {
  await role.drop().catch(() => {});
  await database.drop();
});

const asAdmin = (sql: string) => queryOnce(database.url, sql.replaceAll('%role', role.name));

describe('a database that does not answer', () => {
  test('is UNREACHABLE with the reason when nothing listens', async () => {
    const report = await checkOnce('postgresql://postgres@127.0.0.1:1/outrider');

    expect(report).toMatchObject({ status: 'UNREACHABLE', drift: [], migrations: null, database: null });
    expect(report.error).toContain('nothing listens there');
    expect(report.features.every(({ ready }) => !ready)).toBe(true);
  });

  test('is UNREACHABLE when it accepts and says nothing', async () => {
    const silentServer = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silentServer, 'listening');
    const health = healthOf(`postgresql://postgres@127.0.0.1:${(silentServer.address() as AddressInfo).port}/outrider`, { deadline: 300 });
    const report = await health.check();
    await health.close();
    silentServer.close();

    expect(report.status).toBe('UNREACHABLE');
    expect(report.error).toContain('did not answer within 0.3 s');
  });

  test('is UNREACHABLE when it answers nonsense', async () => {
    const webServer = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(webServer, 'listening');
    const report = await checkOnce(`postgresql://postgres@127.0.0.1:${(webServer.address() as AddressInfo).port}/outrider`);
    webServer.close();

    expect(report.status).toBe('UNREACHABLE');
  });

  test('is UNREACHABLE when it hangs in mid connection, and when it is gone after that', async () => {
    const through = await proxy(database.url);
    const health = healthOf(through.url, { deadline: 1000 });
    const before = await health.check();
    through.hang();
    const during = await shortest(1500, () => health.check(), ({ durationMs }) => durationMs);
    through.stop();
    const down = await health.check();
    await health.close();

    expect([before.status, during.status, down.status]).toEqual(['READY', 'UNREACHABLE', 'UNREACHABLE']);
    expect(during.durationMs).toBeLessThan(1500);
  });

  test('is UNREACHABLE once it was dropped, with the reason', async () => {
    const health = healthOf(database.url);
    await health.check();
    await database.drop();
    const report = await health.check();
    await health.close();
    database = await createTestDatabase();

    expect(report).toMatchObject({ status: 'UNREACHABLE', drift: [] });
    expect(report.error).toMatch(/there is no such database \(database "test_\w+" does not exist\)/);
  });

  test('is asked again when it only ended our session', async () => {
    const health = healthOf(database.url);
    await health.check();
    await queryOnce(database.url, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'outrider health' and datname = current_database()`);
    const report = await health.check();
    await health.close();

    expect(report.status).toBe('READY');
  });
});

describe('a login that is refused', () => {
  test('is UNREACHABLE: the reason is said, the password is not', async () => {
    const url = new URL(role.url);
    url.password = 'secret-password';
    const report = await checkOnce(url.href);

    expect(report.status).toBe('UNREACHABLE');
    expect(report.error).toContain(`the login is refused (password authentication failed for user "${role.name}")`);
    expect(JSON.stringify(report)).not.toContain('secret-password');
  });

  test.each([
    ['another password', `alter role %role password 'other'`, `alter role %role password 'r'`],
    ['no right to log in', 'alter role %role nologin', 'alter role %role login'],
    ['no connection left', 'alter role %role connection limit 1', 'alter role %role connection limit -1'],
  ])('(%s) is noticed within 3 s though our old connection works, and so is its end', async (_what, change, mend) => {
    const health = healthOf(role.url);
    const before = await health.check();
    await asAdmin(change);
    const during = await refused(health);
    await asAdmin(mend);
    const after = await health.check({ refresh: true });
    await health.close();

    expect([before.status, during.status, after.status]).toEqual(['READY', 'UNVERIFIED', 'READY']);
    expect(during.unverified).toEqual([{ object: 'new connections', reason: expect.stringMatching(/No new connection is let in.*(refused|not permitted|no connection left)/) }]);
    expect(during.features.every(({ ready }) => ready)).toBe(true);
    expect(during.drift).toEqual([]);
  });

  test.each(['nologin', 'connection limit 1'])('by %s is noticed at once', async (change) => {
    const health = healthOf(role.url);
    await health.check();
    await asAdmin(`alter role %role ${change}`);
    const reports = [await health.check(), await health.check(), await health.check({ refresh: true })];
    await health.close();

    expect(reports.map(({ status }) => status)).toEqual(['UNVERIFIED', 'UNVERIFIED', 'UNVERIFIED']);
  });

  test('keeps what differs in the report, which is still read', async () => {
    await asAdmin('drop table workers');
    const health = healthOf(role.url);
    await health.check();
    await asAdmin(`alter role %role password 'other'`);
    const report = await refused(health);
    await health.close();

    expect(report.status).toBe('BROKEN');
    expect(report.unverified.map(({ object }) => object)).toEqual(['new connections']);
  });
});

describe('settings of the role', () => {
  test.each([
    ['statement_timeout', "'1ms'"],
    ['lock_timeout', "'1ms'"],
    ['idle_in_transaction_session_timeout', "'1ms'"],
    ['idle_session_timeout', "'20ms'"],
    ['default_transaction_isolation', 'serializable'],
    ['default_transaction_deferrable', 'on'],
    ['row_security', 'off'],
    ['standard_conforming_strings', 'off'],
    ['intervalstyle', 'sql_standard'],
    ['datestyle', `'German, DMY'`],
    ['bytea_output', 'escape'],
    ['timezone', `'Asia/Kathmandu'`],
    ['quote_all_identifiers', 'on'],
    ['extra_float_digits', '-3'],
    ['search_path', 'public, pgboss'],
    ['client_encoding', 'latin1'],
    ['client_min_messages', 'error'],
  ])('(%s = %s) change nothing', async (name, value) => {
    await asAdmin(`alter role %role set ${name} = ${value}`);
    const health = healthOf(role.url);
    const first = await health.check();
    const again = await health.check({ refresh: true });
    await health.close();

    expect([first, again].map(({ status, summary, drift }) => [status, status === 'READY' ? '' : summary, drift])).toEqual([['READY', '', []], ['READY', '', []]]);
  });
});

test('a role or a database whose sessions may not write is BROKEN for whatever writes, and for nothing that reads', async () => {
  for (const whose of ['role %role', `database ${new URL(database.url).pathname.slice(1)}`]) {
    const health = healthOf(role.url);
    await health.check();
    await asAdmin(`alter ${whose} set default_transaction_read_only = on`);
    const { status, drift, summary } = await health.check({ refresh: true });
    await asAdmin(`begin read write; alter ${whose} reset default_transaction_read_only; commit`);
    const after = await health.check({ refresh: true });
    await health.close();

    expect([status, after.status]).toEqual(['BROKEN', 'READY']);
    expect(drift.map(({ id, effect, sqlState }) => [id, effect, sqlState])).toEqual([['PRIVILEGE:default_transaction_read_only', 'WRITE_FAILS', '25006']]);
    expect(drift[0]?.affects).toEqual(expect.arrayContaining(['Mutation.startDraftJob']));
    expect(drift[0]?.affects.filter((coordinate) => coordinate.startsWith('Query.'))).toEqual([]);
    expect(summary).toContain('default_transaction_read_only is on');
  }
});

describe('a URL', () => {
  const withSearch = (name: string, value: string) => {
    const url = new URL(database.url);
    url.searchParams.set(name, value);
    return url.href;
  };

  test.each([
    ['with options', () => withSearch('options', '-c search_path=public')],
    ['with an application_name', () => withSearch('application_name', 'mine')],
    ['with sslmode=disable', () => withSearch('sslmode', 'disable')],
    ['with a time-out of its own', () => withSearch('statement_timeout', '2000')],
    ['of the scheme postgres:', () => database.url.replace('postgresql:', 'postgres:')],
    ['with a host name', () => database.url.replace('127.0.0.1', 'localhost')],
  ])('%s is understood', async (_what, url) => {
    expect((await checkOnce(url())).status).toBe('READY');
  });

  test.each([
    ['that is none', () => 'not a url at all', /cannot be used|no such|nothing listens|not known/],
    ['of a server without TLS, which it demands', () => withSearch('sslmode', 'require'), /SSL/],
    ['with a certificate that is not there', () => withSearch('sslrootcert', '/nowhere/root.crt'), /no such file/],
    ['of a socket that is not there', () => 'postgresql://postgres@/outrider?host=/nowhere', /The database outrider at \/nowhere cannot be used/],
    ['of a socket in its host, percent-encoded', () => 'postgresql://postgres@%2Fnowhere/outrider', /The database outrider at \/nowhere cannot be used/],
    ['of an IPv6 address where nothing listens', () => 'postgresql://postgres@[::1]:1/outrider', /The database outrider at \[::1\]:1 cannot be used/],
    ['of a host that nobody knows', () => 'postgresql://postgres@nowhere.invalid/outrider', /its host name is not known/],
  ])('%s is UNREACHABLE with one sentence', async (_what, url, reason) => {
    const report = await checkOnce(url());

    expect(report).toMatchObject({ status: 'UNREACHABLE', drift: [], error: expect.stringMatching(reason) });
  });
});

test.each([
  ['SQL_ASCII', 0, { effect: 'SILENT', sqlState: null }],
  ['LATIN1', 8, { effect: 'WRITE_FAILS', sqlState: '22P05' }],
])('a database whose text is %s is BROKEN, and no plan pretends to mend it', async (encoding, number, does) => {
  await asAdmin(`update pg_database set encoding = ${number} where datname = current_database()`);
  const { status, drift } = await checkOnce(database.url);

  expect(status).toBe('BROKEN');
  expect(drift.find(({ object }) => object === 'server_encoding')).toMatchObject({ kind: 'COLUMN_COLLATION', table: null, expected: 'UTF8', actual: encoding, fixes: [], ...does });
});
