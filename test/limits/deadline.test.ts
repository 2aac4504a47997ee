import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { sql } from 'kysely';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { createOrm } from '../../src/database/createOrm.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import { endInTime } from '../../src/limits/endInTime.ts';
import { OperationEnded, RequestScope } from '../../src/limits/RequestScope.ts';
import { adminToken, seed, startApi, type Api } from '../graphql/support.ts';
import { holding } from '../health/support.ts';
import { waitFor } from '../support/waitFor.ts';

/** Ends operations after half a second. */
let hasty: Api;
/** Has no deadline, on the same database; PostgreSQL ends none of its statements either. */
let patient: Api;
let locker: Client;

beforeAll(async () => {
  hasty = await startApi(undefined, undefined, { REQUEST_DEADLINE_SECONDS: '0.5' }, 60_000);
  patient = await startApi(hasty.databaseUrl, undefined, { REQUEST_DEADLINE_SECONDS: '0' }, 60_000);
  await seed(hasty, 3);
});
afterAll(async () => {
  await patient.stop();
  await hasty.stop();
});
beforeEach(async () => {
  locker = new Client({ connectionString: hasty.databaseUrl });
  await locker.connect();
  await locker.query('begin; lock table jobs, templates in access exclusive mode');
});
afterEach(() => locker.end());

const jobs = { query: 'query Waiting { jobs { nodes { id } } }' };

/** How many statements wait for the table that is locked. */
async function waiting(): Promise<number> {
  const [row] = await hasty.sql<{ count: number }>(`select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  return row!.count;
}

test('an operation that takes too long is answered by 504 and DEADLINE_EXCEEDED, and its statement is cancelled', async () => {
  const response = await hasty.post(jobs);
  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({ errors: [{ message: expect.stringContaining('REQUEST_DEADLINE_SECONDS'), extensions: { code: 'DEADLINE_EXCEEDED' } }] });
  await waitFor(async () => (await waiting()) === 0);
  await waitFor(async () => (await hasty.ask('{ prospects { totalCount } }')).data?.prospects.totalCount === 3);
});

test('so is a query that is known, and afterwards it is answered again', async () => {
  await locker.query('rollback');
  const answers = () => waitFor(async () => (await hasty.post(jobs)).status === 200);
  for (let time = 0; time < 3; time++) await answers();
  await locker.query('begin; lock table jobs in access exclusive mode');
  const response = await hasty.post(jobs);
  expect(response.status).toBe(504);
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] });
  await waitFor(async () => (await waiting()) === 0);
  await locker.query('rollback');
  await answers();
});

test('a mutation is rolled back', async () => {
  const response = await hasty.post({ query: 'mutation { createTemplate(input: { name: "late", channel: EMAIL, subject: "s", body: "b" }) { userErrors { code } } }' });
  expect(response.status).toBe(504);
  await waitFor(async () => (await waiting()) === 0);
  await locker.query('rollback');
  expect(await hasty.sql('select 1 from templates')).toEqual([]);
});

test('on a socket it is an error of the operation', async () => {
  const client = createClient({ url: `${hasty.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${adminToken}` }, retryAttempts: 0 });
  const errors = await new Promise<any>((resolve) => void client.subscribe(jobs, { next: resolve, error: resolve, complete: () => {} }));
  expect(errors).toMatchObject([{ extensions: { code: 'DEADLINE_EXCEEDED' } }]);
  await client.dispose();
});

test('when the client of a query is gone, its statement is cancelled', async () => {
  const leaving = new AbortController();
  const asked = fetch(`${patient.url}graphql`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }, body: JSON.stringify(jobs), signal: leaving.signal }).catch(() => 'gone');
  await waitFor(async () => (await waiting()) === 1);
  leaving.abort();
  expect(await asked).toBe('gone');
  await waitFor(async () => (await waiting()) === 0);
});

test('a query whose client left while its key was looked up is not begun', async () => {
  await hasty.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'Ada', 'viewer', $1)`, [hashOf('key-of-ada')]);
  const ask = (signal?: AbortSignal) => fetch(`${patient.url}graphql`, { method: 'POST', headers: { authorization: 'Bearer key-of-ada', 'content-type': 'application/json' }, body: JSON.stringify(jobs), signal });
  await locker.query('rollback');
  // By then it is known, and its body is looked at before its key.
  for (let time = 0; time < 3; time++) expect((await patient.post(jobs)).status).toBe(200);
  await locker.query('begin; lock table jobs in access exclusive mode');
  const { release } = await holding(hasty.databaseUrl, 'lock table api_keys in access exclusive mode');
  const leaving = new AbortController();
  const left = ask(leaving.signal).catch(() => 'gone');
  await waitFor(async () => (await waiting()) === 1);
  leaving.abort();
  expect(await left).toBe('gone');
  // By then the server has heard of it.
  await patient.ask('{ viewer { name } }');
  const stays = ask();
  await release();
  await waitFor(async () => (await waiting()) > 0);
  const metrics = await (await fetch(`${patient.url}metrics`, { headers: { authorization: `Bearer ${adminToken}` } })).text();
  expect(metrics).toMatch(/^outrider_operations_running 1$/m);
  await locker.query('rollback');
  expect((await stays).status).toBe(200);
});

test('when a socket completes a query, its statement is cancelled', async () => {
  const client = createClient({ url: `${patient.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${adminToken}` }, retryAttempts: 0, lazy: false });
  const complete = client.subscribe(jobs, { next: () => {}, error: () => {}, complete: () => {} });
  await waitFor(async () => (await waiting()) === 1);
  complete();
  await waitFor(async () => (await waiting()) === 0);
  await client.dispose();
});

test('a mutation is done although its client is gone', async () => {
  const leaving = new AbortController();
  const body = JSON.stringify({ query: 'mutation { createTemplate(input: { name: "left", channel: EMAIL, subject: "s", body: "b" }) { userErrors { code } } }' });
  const asked = fetch(`${patient.url}graphql`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }, body, signal: leaving.signal }).catch(() => 'gone');
  await waitFor(async () => (await waiting()) === 1);
  leaving.abort();
  await asked;
  await locker.query('rollback');
  await waitFor(async () => (await hasty.sql(`select 1 from templates where name = 'left'`)).length === 1);
});

describe('what is cancelled', () => {
  let orm: MikroORM;
  beforeAll(async () => {
    orm = await createOrm({ url: hasty.databaseUrl, poolSize: 1 });
  });
  afterAll(() => orm.close(true));
  const sleep = (seconds: number) => sql`select pg_sleep(${seconds}::float8)`.execute(orm.em.getKysely());

  test('is never the next statement of its connection, however late the cancelling comes', async () => {
    const outcomes = { ended: 0, done: 0 };
    for (let time = 0; time < 150; time++) {
      const scope = new RequestScope();
      const first = scope.run(() => sleep(0.002)).then(() => (outcomes.done += 1), (error) => {
        expect(error).toBeInstanceOf(OperationEnded);
        outcomes.ended += 1;
      });
      setTimeout(() => scope.end('deadline'), 1 + (time % 4));
      // It waits for the only connection.
      await Promise.all([first, sleep(0.003)]);
    }
    expect(outcomes.ended).toBeGreaterThan(0);
    expect(outcomes.ended + outcomes.done).toBe(150);
  });

  test('is a transaction as a whole, between its statements too; the connection serves others', async () => {
    await sql`create table kept (n int)`.execute(orm.em.getKysely());
    const scope = new RequestScope();
    const began = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const finished = Promise.withResolvers<unknown>();
    const run = scope.run(() => {
      const work = orm.em.fork().transactional(async (em) => {
        await sql`insert into kept values (1)`.execute(em.getKysely());
        began.resolve();
        await goOn.promise;
      });
      work.then(finished.resolve, finished.resolve);
      return work;
    });
    await began.promise;
    scope.end('deadline');
    await expect(run).rejects.toThrow(OperationEnded);
    goOn.resolve();
    expect(await finished.promise).toBeInstanceOf(Error);
    const { rows } = await sql`select n from kept`.execute(orm.em.getKysely());
    expect(rows).toEqual([]);
  });
});

describe('endInTime', () => {
  const late = async () => {
    await new Promise((done) => setTimeout(done, 60));
    return 'done';
  };
  const timed = (query: string, deadlineMs: number) => endInTime({ document: parse(query), operationName: null, onLeave: undefined }, deadlineMs, late);

  test.each([
    ['a repair', 'mutation { repairSchema(input: {}) { status } }'],
    ['a migration', 'mutation { applyMigrations(input: {}) { status } }'],
    ['a review of any number', 'mutation { reviewProspects(input: {}) { changedCount } }'],
    ['a repair in a fragment', 'mutation { ...Mend } fragment Mend on Mutation { mending: repairSchema(input: {}) { status } }'],
  ])('%s takes as long as it takes', async (_what, query) => {
    expect(await timed(query, 5)).toBe('done');
  });

  test('two ways of one request have one deadline', async () => {
    const scope = new RequestScope();
    const way = () => endInTime({ document: parse('{ viewer { name } }'), onLeave: undefined, scope }, 100, late);
    expect(await way()).toBe('done');
    await expect(way()).rejects.toThrow(OperationEnded);
  });

  test('whoever leaves between two ways of a request is not answered by the second', async () => {
    const scope = new RequestScope();
    const leaving = new AbortController();
    const way = () => endInTime({ document: parse('{ viewer { name } }'), onLeave: (leave) => leaving.signal.addEventListener('abort', leave), scope }, 0, late);
    expect(await way()).toBe('done');
    leaving.abort();
    await expect(way()).rejects.toThrow(OperationEnded);
  });

  test('anything else is ended, and without a deadline nothing is', async () => {
    await expect(timed('{ viewer { name } }', 5)).rejects.toThrow(OperationEnded);
    await expect(timed('mutation { pauseJob { job { id } } }', 5)).rejects.toThrow(OperationEnded);
    expect(await timed('{ viewer { name } }', 0)).toBe('done');
  });
});
