import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ApolloServer } from '@apollo/server';
import { Client } from 'pg';
import { hashOf } from '../../src/domain/tokens.ts';
import { waitFor } from '../support/waitFor.ts';
import { adminToken, seed, startApi, statementsOf, type Api } from './support.ts';

let api: Api;
/** What took the ordinary way. */
const ordinary = jest.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');

beforeAll(async () => {
  api = await startApi();
  await seed(api, 6);
});
afterAll(() => api.stop());

const authorization = `Bearer ${adminToken}`;
const page = 'query Page($first: Int) { prospects(first: $first) { nodes { id displayName bioText tags createdAt socialProfiles { id platform } } totalCount } }';
const body = { query: page, variables: { first: 3 } };

function post(sent: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${api.url}graphql`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: typeof sent === 'string' ? sent : JSON.stringify(sent),
  });
}

/** Asks until the query is known and compiled. */
async function makeKnown(sent: object): Promise<void> {
  for (let run = 0; run < 2; run++) await (await post(sent)).text();
  ordinary.mockClear();
}

test('a known query is answered at once, with the same bytes and headers as on the ordinary way', async () => {
  const first = await post({ query: `${page} `, variables: { first: 3 } });
  await makeKnown(body);
  const known = await post(body);
  expect(ordinary).not.toHaveBeenCalled();
  expect(await known.text()).toBe(await first.text());
  const headersOf = ({ headers }: Response) => Object.fromEntries([...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id'));
  expect(headersOf(known)).toEqual(headersOf(first));
});

test('what it answers is of this moment, and of these variables', async () => {
  await makeKnown(body);
  await api.sql(`update prospects set display_name = 'Ren"é \\ \u2028 😀' where id = (select id from prospects order by created_at desc, id desc limit 1)`);
  const { data } = (await (await post({ ...body, variables: { first: 1 } })).json()) as any;
  expect(ordinary).not.toHaveBeenCalled();
  expect(data.prospects.nodes).toHaveLength(1);
  expect(data.prospects.nodes[0].displayName).toBe('Ren"é \\ \u2028 😀');
});

test.each<[string, unknown, Record<string, string>, number]>([
  ['a wrong token', body, { authorization: 'Bearer nonsense' }, 401],
  ['another media type of the body', JSON.stringify(body), { 'content-type': 'text/plain' }, 400],
  ['a body that is no JSON', '{"query": ', {}, 400],
  ['variables that are a list', { ...body, variables: [1] }, {}, 400],
  ['a variable of another type', { ...body, variables: { first: 'many' } }, {}, 400],
  ['several requests at once', [body, body], {}, 400],
])('%s is refused like on the ordinary way', async (_what, sent, headers, status) => {
  await makeKnown(body);
  const refused = await post(sent, headers);
  expect(refused.status).toBe(status);
  expect(await refused.json()).toMatchObject({ errors: [{ message: expect.any(String) }] });
});

test('another media type of the answer is given by the ordinary way', async () => {
  await makeKnown(body);
  const answer = await post(body, { accept: 'application/graphql-response+json' });
  expect(answer.headers.get('content-type')).toContain('application/graphql-response+json');
  expect(ordinary).toHaveBeenCalledTimes(1);
});

test('a mutation never takes it', async () => {
  const mutation = { query: 'mutation { pauseJob(input: { id: "x" }) { userErrors { code } } }' };
  await makeKnown(mutation);
  await post(mutation);
  expect(ordinary).toHaveBeenCalledTimes(1);
});

test('an error is told with its place and code, and when it is over the query is known again', async () => {
  const query = { query: 'query One($first: Int) { prospects(first: $first) { totalCount } viewer { name } }' };
  await makeKnown({ ...query, variables: { first: 1 } });
  for (let time = 0; time < 3; time++) {
    const { data, errors } = (await (await post({ ...query, variables: { first: 1_000 } })).json()) as any;
    expect(data).toEqual({ prospects: null, viewer: { name: 'admin' } });
    expect(errors).toMatchObject([{ path: ['prospects'], extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  await makeKnown({ ...query, variables: { first: 1 } });
  expect(await (await post({ ...query, variables: { first: 1 } })).json()).toEqual({ data: { prospects: { totalCount: 6 }, viewer: { name: 'admin' } } });
  expect(ordinary).not.toHaveBeenCalled();
});

test('a body that comes in pieces, and the next request on the same connection, are answered', async () => {
  await makeKnown(body);
  const text = JSON.stringify(body);
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n`;
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (bytes) => (received += bytes));
  const answers = async (count: number) => {
    while (received.split('"totalCount":6').length - 1 < count) await once(socket, 'data');
  };
  socket.setNoDelay(true);
  socket.write(head + text.slice(0, 10));
  // Two packets, so that the server sees the first alone.
  await new Promise((sent) => setImmediate(sent));
  socket.write(text.slice(10));
  await answers(1);
  socket.write(head + text + head + text);
  await answers(3);
  socket.destroy();
  expect(received.split('HTTP/1.1 200 OK').length - 1).toBe(3);
});

test('its requests are counted', async () => {
  await makeKnown(body);
  const count = async () => Number(/outrider_graphql_seconds_count\{method="POST",failed="false"\} (\d+)/.exec(await (await fetch(`${api.url}metrics`, { headers: { authorization } })).text())![1]);
  const before = await count();
  await (await post(body)).text();
  expect(await count()).toBe(before + 1);
});

describe('where the database lets a known query down', () => {
  const waiting = 'query Waiting { jobs { nodes { id } } viewer { name } }';
  /** Ends its statements after three seconds; keys have points for one run of the query. */
  let hasty: Api;
  let locker: Client;
  beforeAll(async () => {
    hasty = await startApi(api.databaseUrl, undefined, { RATE_LIMIT: '1', RATE_LIMIT_BURST: '50' }, 3_000);
    await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'once', 'viewer', $1)`, [hashOf('key-once')]);
    for (let run = 0; run < 2; run++) await hasty.ask(waiting);
    locker = new Client({ connectionString: api.databaseUrl });
    await locker.connect();
  });
  beforeEach(async () => {
    await locker.query('begin; lock table jobs in access exclusive mode');
    ordinary.mockClear();
  });
  afterEach(() => locker.query('rollback'));
  afterAll(async () => {
    await locker.end();
    await hasty.stop();
  });

  test('it waits once for what it does not get, says so at its place, and answers what needs no database', async () => {
    let answer: unknown;
    const sent = await statementsOf(async () => {
      answer = await hasty.ask(waiting);
    });
    expect(answer).toEqual({
      data: { jobs: null, viewer: { name: 'admin' } },
      errors: [{ message: 'The database took too long.', path: ['jobs'], locations: expect.anything(), extensions: { code: 'TIMEOUT' } }],
    });
    expect(sent).toHaveLength(1);
  });

  test('a lost connection is nothing that its client sees, nor pays twice for', async () => {
    await locker.query('rollback');
    for (let run = 0; run < 2; run++) expect((await hasty.ask(waiting)).errors).toBeUndefined();
    await locker.query('begin; lock table jobs in access exclusive mode');
    ordinary.mockClear();
    const asked = hasty.ask(waiting, {}, 'key-once');
    await waitFor(async () => (await api.sql(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length === 1);
    await locker.query('rollback');
    const answer = await asked;
    expect(answer.errors).toBeUndefined();
    expect(answer).toMatchObject({ data: { jobs: { nodes: expect.any(Array) }, viewer: { name: 'once' } } });
    expect(ordinary).toHaveBeenCalledTimes(1);
    // The points were enough for one.
    expect(await hasty.ask(waiting, {}, 'key-once')).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  });
});
