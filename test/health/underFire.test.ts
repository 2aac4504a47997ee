import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';
import { createEmptyDatabase, createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { checkOnce, healthOf, holding } from './support.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** A proxy in front of the test server that can be cut, made to hang, and that counts what goes through. */
async function proxy(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const texts: string[] = [];
  let hangs = false;
  const server = createServer((client) => {
    const upstream = new (client.constructor as typeof Socket)().connect(Number(port), hostname);
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(from);
      from.on('error', () => {}).on('close', () => to.destroy());
      from.on('data', (data) => {
        if (from === client) texts.push(data.toString('latin1'));
        if (!hangs) to.write(data);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    texts,
    hang: () => (hangs = true),
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('a table that another session holds under ACCESS EXCLUSIVE', () => {
  test('is unverified, its blocker is named, and nothing waits for it', async () => {
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const report = await checkOnce(database.url);
    await holder.release();

    expect(report.status).toBe('UNVERIFIED');
    expect(report.drift).toEqual([]);
    expect(report.unverified.map(({ object }) => object)).toEqual(['jobs']);
    expect(report.blockers).toEqual([expect.objectContaining({ pid: holder.pid, applicationName: 'a forgotten psql', objects: ['jobs'], preparedTransaction: null })]);
    expect(report.durationMs).toBeLessThan(2000);
  });

  test('is still compared as far as it can be read', async () => {
    await queryOnce(database.url, 'alter table jobs drop column drafts_created');
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const report = await checkOnce(database.url);
    await holder.release();

    expect(report.status).toBe('BROKEN');
    expect(report.drift.map(({ id }) => id)).toContain('MISSING_COLUMN:jobs.drafts_created');
    expect(report.unverified.map(({ object }) => object)).toEqual(['jobs']);
  });

  test('may be the history, which is then not called missing', async () => {
    const holder = await holding(database.url, 'lock table schema_migrations in access exclusive mode');
    const report = await checkOnce(database.url);
    await holder.release();

    expect(report.status).toBe('UNVERIFIED');
    expect(report.migrations).toBeNull();
    expect(report.drift).toEqual([]);
  });

  test('does not change the fingerprint, which is that of the schema', async () => {
    const free = await checkOnce(database.url);
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const locked = await checkOnce(database.url);
    await holder.release();

    expect(locked.fingerprint).toBe(free.fingerprint);
  });

  test('is verified again as soon as it is free', async () => {
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const health = healthOf(database.url);
    const locked = await health.check();
    await holder.release();
    const free = await health.check();
    await health.close();

    expect([locked.status, free.status]).toEqual(['UNVERIFIED', 'READY']);
  });
});

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

  test('is UNREACHABLE when it hangs in mid connection, and READY when it is back', async () => {
    const through = await proxy(database.url);
    const health = healthOf(through.url, { deadline: 1000 });
    const before = await health.check();
    through.hang();
    const during = await health.check();
    through.stop();
    const down = await health.check();
    await health.close();

    expect([before.status, during.status, down.status]).toEqual(['READY', 'UNREACHABLE', 'UNREACHABLE']);
  });

  test('refuses the login: the reason is said, the password is not', async () => {
    const url = new URL(database.url);
    url.username = 'nobody_of_that_name';
    url.password = 'secret-password';
    const report = await checkOnce(url.href);

    expect(report.status).toBe('UNREACHABLE');
    expect(report.error).toContain('nobody_of_that_name');
    expect(JSON.stringify(report)).not.toContain('secret-password');
  });

  test('that ended our session between two checks is asked again', async () => {
    const health = healthOf(database.url);
    await health.check();
    await queryOnce(database.url, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'outrider health' and datname = current_database()`);
    const report = await health.check({ refresh: true });
    await health.close();

    expect(report.status).toBe('READY');
  });
});

describe('a check', () => {
  test('takes an index that is being built for no drift', async () => {
    await queryOnce(database.url, 'drop index jobs_status');
    const writer = await holding(database.url, `insert into jobs (id, job_type) values (gen_random_uuid(), 'draft')`);
    const build = queryOnce(database.url, 'create index concurrently jobs_status on jobs (status, created_at, id)');
    await waitFor(() => queryOnce(database.url, `select from pg_index where indexrelid = to_regclass('jobs_status')`).then(({ length }) => length > 0));
    const during = await checkOnce(database.url);
    await writer.release();
    await build;

    expect(during.drift).toEqual([]);
  });

  test('names each right that a role that only reads lacks', async () => {
    const role = `reader_${database.url.slice(-8)}`;
    await queryOnce(database.url, `create role ${role} login password 'r'`);
    for (const schema of ['public', 'pgboss']) await queryOnce(database.url, `grant usage on schema ${schema} to ${role}; grant select on all tables in schema ${schema} to ${role}`);
    await queryOnce(database.url, `alter role ${role} set default_transaction_read_only = on`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'r';
    const report = await checkOnce(url.href);
    await database.drop();
    database = await createTestDatabase();
    await queryOnce(database.url, `drop role ${role}`);

    expect(new Set(report.drift.map(({ kind, effect }) => `${kind} ${effect}`))).toEqual(new Set(['PRIVILEGE WRITE_FAILS']));
    expect(report.database?.user).toBe(role);
  });

  test('names the right that is lost, not the table', async () => {
    const role = `app_${database.url.slice(-8)}`;
    await queryOnce(database.url, `create role ${role} login password 'r'`);
    for (const schema of ['public', 'pgboss']) await queryOnce(database.url, `grant usage on schema ${schema} to ${role}; grant all on all tables in schema ${schema} to ${role}`);
    await queryOnce(database.url, `revoke select on prospects from ${role}; alter table jobs enable row level security`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'r';
    const report = await checkOnce(url.href);
    await database.drop();
    database = await createTestDatabase();
    await queryOnce(database.url, `drop role ${role}`);

    expect(report.drift.map(({ id, effect, sqlState }) => [id, effect, sqlState])).toEqual([
      ['ROW_SECURITY:jobs', 'SILENT', null],
      ['PRIVILEGE:prospects=SELECT', 'FAILS', '42501'],
    ]);
  });

  test('names the schema that its role may not use, and the path that does not lead to it, once', async () => {
    const role = `app_${database.url.slice(-8)}`;
    await queryOnce(database.url, `create role ${role} login password 'r'; grant usage on schema pgboss to ${role}; grant all on all tables in schema public, pgboss to ${role}; revoke usage on schema public from public`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'r';
    const closed = await checkOnce(url.href);
    await queryOnce(database.url, `grant usage on schema public to ${role}; alter role ${role} set search_path = pgboss`);
    const astray = await checkOnce(url.href);
    await database.drop();
    database = await createTestDatabase();
    await queryOnce(database.url, `drop role ${role}`);

    expect(closed.drift.map(({ id }) => id)).toEqual(['PRIVILEGE:public', 'HISTORY_UNREADABLE:schema_migrations']);
    expect(astray.drift.map(({ id }) => id)).toEqual(['SEARCH_PATH:public']);
    expect(astray.features.filter(({ ready }) => ready).map(({ feature }) => feature)).toEqual([]);
    expect(astray.drift[0]?.affects).toContain('Query.prospects');
  });

  test('creates nothing in an empty database', async () => {
    const empty = await createEmptyDatabase();
    await checkOnce(empty.url);
    const made = await queryOnce(empty.url, `select relname from pg_class where oid >= 16384`);
    await empty.drop();

    expect(made).toEqual([]);
  });

  test('works where every transaction is read-only', async () => {
    await queryOnce(database.url, `do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`);

    expect((await checkOnce(database.url)).status).toBe('READY');
  });

  test('is shared by 50 callers: one reading of the catalog', async () => {
    const through = await proxy(database.url);
    const health = healthOf(through.url);
    const reports = await Promise.all(Array.from({ length: 50 }, (_, index) => health.check({ refresh: index % 2 === 0 })));
    await health.close();
    through.stop();

    const sent = through.texts.join('');
    expect(sent.split('pg_get_expr(d.adbin').length - 1).toBe(1);
    expect(new Set(reports.map(({ status }) => status))).toEqual(new Set(['READY']));
  });

  test('of an unchanged schema reads no catalog again', async () => {
    const through = await proxy(database.url);
    const health = healthOf(through.url);
    const first = await health.check();
    const second = await health.check();
    await queryOnce(database.url, 'drop index jobs_status');
    const third = await health.check();
    await health.close();
    through.stop();

    expect(second).toMatchObject({ status: 'READY', fingerprint: first.fingerprint });
    expect(third.drift.map(({ id }) => id)).toEqual(['INDEX:jobs#jobs_status']);
    expect(through.texts.join('').split('pg_get_expr(d.adbin').length - 1).toBe(2);
  });

  test('answers while every other connection of its role waits', async () => {
    const holder = await holding(database.url, 'lock table prospects in access exclusive mode');
    const waiting = Array.from({ length: 5 }, () => new pg.Client({ connectionString: database.url }));
    await Promise.all(waiting.map((client) => client.connect()));
    const queries = waiting.map((client) => client.query('select count(*) from prospects'));
    const report = await checkOnce(database.url);
    await holder.release();
    await Promise.all(queries);
    await Promise.all(waiting.map((client) => client.end()));

    expect(report.unverified.map(({ object }) => object)).toEqual(['prospects']);
  });
});
