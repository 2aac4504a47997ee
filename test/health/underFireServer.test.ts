import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { queryOnce } from '../support/database.ts';
import { shortest, timed } from '../support/shortest.ts';
import { waitFor } from '../support/waitFor.ts';
import { createCluster, type Cluster } from '../support/cluster.ts';
import { asServed, checkOnce, healthOf, holding, refused } from './support.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster('max_prepared_transactions=4', 'max_connections=12');
});
afterAll(() => cluster.remove());

/** The server's processes: the postmaster, or it and all that it started. */
function processes(all: boolean): number[] {
  const parent = cluster.pid();
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => parentOf(pid) === parent);
  return [parent, ...(all ? children : [])];
}

function parentOf(pid: number): number {
  try {
    return Number(/^\d+ \(.*\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

const onLinux = process.platform === 'linux' ? test : test.skip;

test('a prepared transaction that holds the lock is named; it has no process', async () => {
  const before = await checkOnce(cluster.url);
  await queryOnce(cluster.url, `begin; lock table jobs in access exclusive mode; prepare transaction 'left by a coordinator'`);
  const report = await checkOnce(cluster.url);
  await queryOnce(cluster.url, `rollback prepared 'left by a coordinator'`);

  expect(before.status).toBe('READY');
  expect(report).toMatchObject({ status: 'UNVERIFIED', drift: [], unverified: [{ object: 'jobs' }] });
  expect(report.blockers).toEqual([
    { pid: null, preparedTransaction: 'left by a coordinator', user: 'postgres', applicationName: null, query: null, heldForMs: expect.any(Number), objects: ['jobs'] },
  ]);
});

test('a server that has no connection left is UNREACHABLE to a new detector, and never READY to one that has its connection', async () => {
  const url = await roleUrl();
  const kept = healthOf(url);
  const before = await kept.check();
  const clients: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    if (!(await client.connect().then(() => true, () => false))) break;
    clients.push(client);
  }
  const [own, another] = [await refused(kept), await checkOnce(url)];
  await Promise.all(clients.map((client) => client.end()));
  const after = await waitFor(() => kept.check({ refresh: true }).then((report) => (report.status === 'READY' ? report : null)));
  await kept.close();

  expect([before.status, own.status, another.status, after.status]).toEqual(['READY', 'UNVERIFIED', 'UNREACHABLE', 'READY']);
  expect(another.error).toMatch(/has no connection left/);
  expect(own.unverified[0]?.reason).toMatch(/has no connection left/);
});

onLinux('a server whose processes are all stopped is UNREACHABLE within 3 s, and found again when they go on', async () => {
  const health = healthOf(cluster.url, asServed);
  await health.check();
  const stopped = processes(true);
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  const check = () => timed(() => health.check());
  const during = await shortest(3000, check, ({ took }) => took).finally(() => stopped.forEach((pid) => process.kill(pid, 'SIGCONT')));
  const after = await waitFor(() => health.check().then((report) => (report.status === 'UNREACHABLE' ? null : report)));
  await health.close();

  expect([during.value.status, after.status]).toEqual(['UNREACHABLE', 'READY']);
  expect(during.took).toBeLessThan(3000);
});

onLinux('a server that lets nobody in, though our session goes on, is not READY', async () => {
  const health = healthOf(cluster.url, asServed);
  await health.check();
  const [postmaster] = processes(false);
  process.kill(postmaster!, 'SIGSTOP');
  const both = () => timed(() => Promise.all([refused(health), checkOnce(cluster.url, asServed)]));
  const { value: [kept, another], took } = await shortest(3000, both, ({ took }) => took).finally(() => process.kill(postmaster!, 'SIGCONT'));
  await health.close();

  expect([kept.status, another.status]).toEqual(['UNVERIFIED', 'UNREACHABLE']);
  expect(kept.unverified).toEqual([{ object: 'new connections', reason: expect.stringContaining('accepts no new connection') }]);
  expect(took).toBeLessThan(3000);
});

test('a server that is stopped is UNREACHABLE with the reason; started again it is READY, with no restart of ours', async () => {
  const heard: string[] = [];
  const health = healthOf(cluster.url, { pollEvery: 50 });
  health.onChange(({ status }) => heard.push(status));
  await waitFor(() => heard.at(-1) === 'READY');
  await cluster.stop();
  await waitFor(() => heard.at(-1) === 'UNREACHABLE');
  const down = health.latest;
  await cluster.start('max_prepared_transactions=4', 'max_connections=12');
  await waitFor(() => heard.at(-1) === 'READY');
  await health.close();

  expect(down).toMatchObject({ status: 'UNREACHABLE', drift: [], migrations: null });
  expect(down!.features.every(({ ready }) => !ready)).toBe(true);
});

test('a prepared transaction is named to a role that may see little, too', async () => {
  const url = await roleUrl();
  await queryOnce(cluster.url, `begin; lock table jobs in access exclusive mode; prepare transaction 'left again'`);
  const report = await checkOnce(url);
  await queryOnce(cluster.url, `rollback prepared 'left again'`);

  expect(report.blockers).toEqual([expect.objectContaining({ pid: null, preparedTransaction: 'left again', user: 'postgres', query: null, objects: ['jobs'] })]);
});

test('a lock that is held over a restart of the server is gone after it', async () => {
  const holder = await holding(cluster.url, 'lock table jobs in access exclusive mode');
  const health = healthOf(cluster.url);
  const locked = await health.check();
  await holder.release();
  await cluster.stop();
  await cluster.start();
  const free = await health.check();
  await health.close();

  expect([locked.status, free.status]).toEqual(['UNVERIFIED', 'READY']);
});

test('a Unix socket will do', async () => {
  const { username, password, port } = new URL(cluster.url);
  const folder = encodeURIComponent(cluster.socketFolder);
  const reports = [
    await checkOnce(`postgresql://${username}:${password}@/outrider?host=${folder}&port=${port}`),
    await checkOnce(`postgresql://${username}:${password}@${folder}:${port}/outrider`),
  ];

  expect(reports.map(({ status, error }) => error ?? status)).toEqual(['READY', 'READY']);
});

/** A role that may do what a server has to, and nothing more. */
async function roleUrl(): Promise<string> {
  await queryOnce(cluster.url, `do $$ begin
    if not exists (select from pg_roles where rolname = 'app') then create role app login password 'r'; end if;
    grant usage on schema public, pgboss to app; grant all on all tables in schema public, pgboss to app;
    grant all on all sequences in schema public, pgboss to app; end $$`);
  const url = new URL(cluster.url);
  url.username = 'app';
  url.password = 'r';
  return url.href;
}

test.each([
  ['default_transaction_read_only', 'on', 'PRIVILEGE:default_transaction_read_only'],
  ['session_replication_role', 'replica', 'TRIGGER:session_replication_role'],
])('%s of the whole server, which a reload of its settings changes, is noticed while it is watched', async (setting, value, id) => {
  const admin = new pg.Client({ connectionString: cluster.url });
  await admin.connect();
  const health = healthOf(cluster.url);
  const found = () => health.check().then(({ drift }) => drift.map((item) => item.id));
  const before = await found();
  await admin.query(`alter system set ${setting} = ${value}`);
  await admin.query('select pg_reload_conf()');
  const during = await waitFor(() => found().then((ids) => (ids.length > 0 ? ids : null)));
  await admin.query(`alter system reset ${setting}`);
  await admin.query('select pg_reload_conf()');
  const after = await waitFor(() => found().then((ids) => (ids.length === 0 ? ids : null)));
  await Promise.all([health.close(), admin.end()]);

  expect([before, during, after]).toEqual([[], [id], []]);
});
