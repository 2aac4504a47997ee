import { sql } from 'kysely';
import { pino } from 'pino';
import { createOrm } from '../../src/database/createOrm.ts';
import { openReplicas, type Replicas } from '../../src/replicas/openReplicas.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { proxy } from '../health/proxy.ts';
import { queryOnce } from '../support/database.ts';
import { outreachOf } from '../support/outreach.ts';
import { shortest, timed } from '../support/shortest.ts';
import { waitFor } from '../support/waitFor.ts';
import { portOf, ReplicatedBench, replicasOf, statementsByPort } from './support.ts';

let bench: ReplicatedBench;
beforeAll(async () => {
  bench = await ReplicatedBench.open();
  await queryOnce(bench.primary.url, 'create database other');
  await queryOnce(bench.primary.url, `create role reader login password 'r'`);
  await bench.caughtUp();
});
afterAll(() => bench.remove());
afterEach(() => bench.stopServers());

const list = '{ prospects { nodes { displayName } totalCount } jobs { nodes { id } } }';
const addProspect = (name: string) => queryOnce(bench.primary.url, `insert into prospects (id, canonical_key, display_name) values (gen_random_uuid(), 'example.org/${name}', '${name}')`);
const stateOf = async (api: Api) => (await replicasOf(api))[0]!;
const metricsOf = async ({ url }: Api) => (await fetch(`${url}metrics`, { headers: { authorization: `Bearer ${adminToken}` } })).text();
const readAt = async (api: Api) => Object.keys(await statementsByPort(() => api.ask(list)));
const as = (change: (url: URL) => void) => {
  const url = new URL(bench.standby.url);
  change(url);
  return url.href;
};

/** A read that took longer had waited for what does not answer. */
async function quickRead(api: Api, withinMs: number): Promise<void> {
  const read = async () => {
    const { errors, data } = await api.ask(list);
    expect(errors).toBeUndefined();
    expect(data.prospects).not.toBeNull();
  };
  expect((await shortest(withinMs, () => timed(read), ({ took }) => took)).took).toBeLessThan(withinMs);
}

/** Reads again and again until it is stopped; answers the errors. */
function load(api: Api): { stop(): Promise<unknown[]> } {
  let goes = true;
  const clients = Array.from({ length: 4 }, async () => {
    const failures: unknown[] = [];
    while (goes) failures.push(...((await api.ask(list)).errors ?? []));
    return failures;
  });
  return {
    stop: async () => {
      goes = false;
      return (await Promise.all(clients)).flat();
    },
  };
}

test('a replica that dies under load fails no read, is named in /health/ready and /metrics, and serves again when it is back', async () => {
  const api = await bench.serveFromReplica();
  const reading = load(api);
  const statements = async (server: string) => Number(new RegExp(`outrider_reads_total\\{server="${server}"\\} (\\d+)`).exec(await metricsOf(api))?.[1]);
  const name = `127.0.0.1:${portOf(bench.standby)}`;
  try {
    await waitFor(async () => (await statements(name)) > 10);
    await bench.standby.stop();
    const dead = await waitFor(async () => ((await stateOf(api)).inUse ? null : stateOf(api)));

    expect(dead).toMatchObject({ name, reason: expect.stringMatching(`^${name} cannot be used: `) });
    expect((await fetch(`${api.url}health/ready`)).status).toBe(200);
    expect(await metricsOf(api)).toContain(`outrider_replica_in_use{replica="${name}"} 0`);
    await waitFor(async () => (await statements('primary')) > 10);
  } finally {
    await bench.standby.start();
    await waitFor(async () => (await stateOf(api)).inUse).finally(async () => expect(await reading.stop()).toEqual([]));
  }
  expect(await readAt(api)).toEqual([portOf(bench.standby)]);
});

test('a replica that falls silent holds up the reads in hand for a second or two, and none after that', async () => {
  const between = await proxy(bench.standby.url);
  const api = await bench.serveFromReplica({ DATABASE_REPLICA_URLS: between.url });
  await api.ask(list);
  between.hang();
  // A read that waits for it is cut off after 30 s only.
  await quickRead(api, 15_000);
  const silent = await waitFor(async () => ((await stateOf(api)).inUse ? null : stateOf(api)));

  expect(silent.reason).toBe(`${silent.name} cannot be used: it did not answer within 1 s.`);
  await quickRead(api, 1_000);
  between.stop();
});

test('a replica that is too far behind is left out, says by how much, and serves again when it has caught up', async () => {
  const api = await bench.serveFromReplica({ DATABASE_REPLICA_MAX_LAG: '0.5' });
  await bench.pause();
  await addProspect('late');
  const behind = await waitFor(async () => ((await stateOf(api)).inUse ? null : stateOf(api)));

  expect(behind.reason).toMatch(/^127\.0\.0\.1:\d+ is behind \(.+; DATABASE_REPLICA_MAX_LAG allows 0\.5 s\)\.$/);
  expect(behind.lagBytes).toBeGreaterThan(0);
  expect(JSON.stringify(await api.ask(list))).toContain('late');
  await bench.resume();
  await waitFor(async () => (await stateOf(api)).inUse);
  await waitFor(async () => (await stateOf(api)).lagBytes === 0);
});

describe('what is no replica of the database is refused, with what to do, and does no harm', () => {
  test.each<[what: string, url: () => string, reason: string]>([
    ['a server that can be written', () => bench.primary.url, 'can be written, so it is no replica: give DATABASE_REPLICA_URLS streaming replicas of DATABASE_URL only'],
    ['another database of the replica', () => as((url) => (url.pathname = '/other')), 'shows another database than DATABASE_URL does: give both the same one'],
    ['another user, who may see other rows', () => as((url) => ([url.username, url.password] = ['reader', 'r'])), 'is read as reader (search_path "$user", public) and DATABASE_URL as postgres ("$user", public), who may see other rows: give both the same user'],
    ['a wrong password', () => as((url) => (url.password = 'wrong')), 'cannot be used: the login is refused (password authentication failed for user "postgres")'],
    ['a port where nothing listens', () => as((url) => (url.port = '1')), 'cannot be used: nothing listens there (is PostgreSQL running?)'],
  ])('%s', async (_what, url, reason) => {
    const api = await bench.serve({ DATABASE_REPLICA_URLS: url() });
    const state = await stateOf(api);

    expect(state).toMatchObject({ inUse: false, reason: `${state.name} ${reason}.` });
    expect((await api.ask('{ readReplicas { name inUse reason } }')).data.readReplicas).toEqual([{ name: state.name, inUse: false, reason: state.reason }]);
    expect(await readAt(api)).toEqual([portOf(bench.primary)]);
  });

  test('a replica of another server', async () => {
    const api = await startApi(undefined, outreachOf(), { DATABASE_REPLICA_URLS: bench.standby.url });
    const state = await waitFor(async () => ((await stateOf(api)).reason?.includes('another') ? stateOf(api) : null)).finally(() => api.stop());

    expect(state).toMatchObject({ inUse: false, reason: `${state.name} is a replica of another server than that of DATABASE_URL.` });
  });

  test('one that is refused does not keep a good one from serving', async () => {
    const api = await bench.serve({ DATABASE_REPLICA_URLS: `${bench.primary.url}, ${bench.standby.url}` });
    await waitFor(async () => (await replicasOf(api))[1]!.inUse);

    expect(await readAt(api)).toEqual([portOf(bench.standby)]);
  });
});

describe('a statement that the replica cannot finish', () => {
  let replicas: Replicas;
  let close: () => Promise<void>;
  beforeEach(async () => {
    const orm = await createOrm({ url: bench.primary.url, statementTimeoutMs: 20_000 });
    const events = { publish: () => {}, subscribe: () => () => {}, close: async () => {} };
    replicas = openReplicas({ orm, url: bench.primary.url, replicaUrls: [bench.standby.url], maxLagMs: 60_000, events, log: pino({ level: 'silent' }) });
    close = async () => {
      await replicas.close();
      await orm.close(true);
    };
    await waitFor(() => replicas.states()[0]!.inUse);
  });
  afterEach(() => close());

  const whereItRan = sql<{ standby: boolean }>`select pg_is_in_recovery() as standby`;

  test('because it stands in the way of replaying is repeated on the primary', async () => {
    await queryOnce(bench.primary.url, 'create table in_the_way as select 1 as id');
    await queryOnce(bench.standby.url, `alter system set max_standby_streaming_delay = 0`);
    await queryOnce(bench.standby.url, 'select pg_reload_conf()');
    await bench.caughtUp();
    const { db } = replicas.readsFor('ada');
    const read = sql<{ standby: boolean }>`select pg_is_in_recovery() as standby, case when pg_is_in_recovery() then pg_sleep(15) end from in_the_way`.execute(db);
    await waitFor(async () => (await queryOnce(bench.standby.url, `select from pg_stat_activity where wait_event = 'PgSleep'`)).length > 0);
    await queryOnce(bench.primary.url, 'vacuum full in_the_way');

    expect((await read).rows[0]!.standby).toBe(false);
    expect((await whereItRan.execute(db)).rows[0]!.standby).toBe(false);
    expect((await whereItRan.execute(replicas.readsFor('ada').db)).rows[0]!.standby).toBe(true);
  });

  test('because it has not replayed a migration yet is repeated on the primary', async () => {
    await bench.pause();
    await queryOnce(bench.primary.url, 'create table new_table as select 1 as id');
    const { rows } = await sql`select id from new_table`.execute(replicas.readsFor('ada').db);
    await bench.resume();

    expect(rows).toEqual([{ id: 1 }]);
  });

  test('because its connection was ended is repeated on the primary', async () => {
    const read = sql<{ standby: boolean }>`select pg_is_in_recovery() as standby, case when pg_is_in_recovery() then pg_sleep(15) end`.execute(replicas.readsFor('ada').db);
    await waitFor(async () => (await queryOnce(bench.standby.url, `select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'`)).length > 0);

    expect((await read).rows[0]!.standby).toBe(false);
  });

  test('because somebody cancelled it is not repeated', async () => {
    const read = sql`select case when pg_is_in_recovery() then pg_sleep(15) end`.execute(replicas.readsFor('ada').db);
    const failed = read.then(() => null, (error: unknown) => error);
    await waitFor(async () => (await queryOnce(bench.standby.url, `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'`)).length > 0);

    expect(await failed).toMatchObject({ code: '57014' });
  });
});
