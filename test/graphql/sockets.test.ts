import { EventEmitter, once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';
import { Session } from '../../src/app/sockets/session.ts';
import { Role } from '../../src/domain/enums.ts';
import type { Identity } from '../../src/http/identity.ts';
import { waitFor } from '../support/waitFor.ts';
import { startSockets } from './socketSupport.ts';
import { adminToken, seed, startApi, uuid, type Api } from './support.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await seed(api, 3);
});
afterAll(() => api.stop());

const socketUrl = () => `${api.url.replace('http', 'ws')}graphql`;

/** The code that the server closes the socket with after these messages. */
function closeCode(messages: object[], options: ClientOptions = {}, protocols = ['graphql-transport-ws']): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl(), protocols, options);
    socket.on('open', () => messages.forEach((message) => socket.send(JSON.stringify(message))));
    socket.on('close', (code) => resolve(code));
    socket.on('error', reject);
  });
}

const client = (authorization: string): Client =>
  createClient({ url: socketUrl(), webSocketImpl: WebSocket, connectionParams: { authorization }, retryAttempts: 0 });

test.each([
  ['no token', [{ type: 'connection_init' }], 4403],
  ['a wrong token', [{ type: 'connection_init', payload: { authorization: 'Bearer nonsense' } }], 4403],
  ['a message before connection_init', [{ type: 'subscribe', id: '1', payload: { query: '{ viewer { name } }' } }], 4401],
  ['nonsense', [{ type: 'nonsense' }], 4400],
  ['two connection_init', [{ type: 'connection_init', payload: { authorization: `Bearer ${adminToken}` } }, { type: 'connection_init' }], 4429],
])('%s closes the socket', async (_what, messages, code) => {
  expect(await closeCode(messages)).toBe(code);
});

test('a socket that does not speak graphql-transport-ws is closed with 4406', async () => {
  expect(await closeCode([], {}, [])).toBe(4406);
});

test('a socket that does not say who it is gets 5 seconds, then 4408', async () => {
  const openedAt = performance.now();
  expect(await closeCode([])).toBe(4408);
  expect(performance.now() - openedAt).toBeGreaterThan(4_900);
});

test.each([
  ['another path', 'GET /elsewhere', ''],
  ['a page of another origin', 'GET /graphql', 'origin: https://elsewhere.example\r\n'],
])('%s: an upgrade that is refused leaves no connection open, although the client keeps its half', async (_what, line, header) => {
  const sockets = await startSockets();
  const { port, hostname } = new URL(sockets.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.on('error', () => {});
  socket.write(`${line} HTTP/1.1\r\nhost: a\r\n${header}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  const answer = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 40[34] /);
  try {
    await waitFor(() => sockets.connections.every(({ destroyed }) => destroyed));
  } finally {
    socket.destroy();
    await sockets.close();
  }
});

test('a socket that is closed while its key is looked up stays closed, and waits for no end of that key', async () => {
  const looked = Promise.withResolvers<Identity>();
  const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };
  const socket = Object.assign(new EventEmitter(), { ...states, readyState: states.OPEN, bufferedAmount: 0, send: jest.fn(), close: () => {} });
  const authenticator = { identify: () => looked.promise, isAdminToken: () => false, forget: () => {} };
  const session = new Session({ socket: socket as never, token: null, address: '203.0.113.1', requestId: 'a request', authenticator, operations: {} as never, messagesPerSecond: 0 });
  const introduced = session.receive(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer key' } }));
  socket.readyState = states.CLOSED;
  session.end();
  looked.resolve({ actor: { name: 'Ada', role: Role.VIEWER }, expiresAt: Date.now() + 3_600_000 });
  await introduced;
  expect(session.token).toBeNull();
  expect(socket.send).not.toHaveBeenCalled();
});

test('a request that offers HTTP/2 beside is answered', async () => {
  const outgoing = request(`${api.url}graphql`, { method: 'POST', agent: false, headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' } });
  outgoing.end(JSON.stringify({ query: '{ viewer { name } }' }));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  expect([response.statusCode, await json(response)]).toEqual([200, { data: { viewer: { name: 'admin' } } }]);
});

test('a query that is completed while its points are asked for is not begun', async () => {
  const points = Promise.withResolvers<null>();
  const sockets = await startSockets({ gate: { admit: () => points.promise } });
  try {
    const client = await sockets.connect();
    sockets.position.now = 1;
    client.subscribe('1', '{ number }');
    client.send({ id: '1', type: 'complete' });
    await client.settle();
    points.resolve(null);
    client.subscribe('2', '{ number }');
    await waitFor(() => client.messages.some(({ id, type }) => id === '2' && type === 'complete'));
    // Who is told of a position has been answered.
    expect(sockets.position.of).toEqual(['ann']);
  } finally {
    await sockets.close();
  }
});

test('two operations with one id close the socket with 4409', async () => {
  const subscribe = { type: 'subscribe', id: '1', payload: { query: 'subscription { jobsChanged { id } }' } };
  const socket = new WebSocket(socketUrl(), 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${adminToken}` } })));
  socket.on('message', () => {
    socket.send(JSON.stringify(subscribe));
    socket.send(JSON.stringify(subscribe));
  });
  expect(await closed).toBe(4409);
});

test('an id that is longer than any that is needed closes the socket with 4400', async () => {
  const subscribe = (length: number) => ({ type: 'subscribe', id: 'x'.repeat(length), payload: { query: 'subscription { state { number } }' } });
  const sockets = await startSockets();
  try {
    const client = await sockets.connect();
    let code: number | null = null;
    client.socket.on('close', (closedWith) => (code = closedWith));
    client.send(subscribe(256));
    await waitFor(() => sockets.feed.opened === 1);
    client.send(subscribe(257));
    await waitFor(() => code !== null);
    expect(code).toBe(4400);
  } finally {
    await sockets.close();
  }
});

test('operations that run on one socket keep a megabyte at most, and one that is completed makes room', async () => {
  const sockets = await startSockets();
  try {
    const client = await sockets.connect();
    const subscribe = (id: string) => client.subscribe(id, 'subscription ($id: ID) { state(id: $id) { number } }', { id: `${id}${'x'.repeat(200_000)}` });
    for (const id of ['1', '2', '3', '4', '5']) subscribe(id);
    await waitFor(() => sockets.feed.opened === 5);
    subscribe('6');
    await waitFor(() => client.messages.length > 0);
    expect(client.messages).toMatchObject([{ id: '6', type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] }]);
    client.send({ id: '1', type: 'complete' });
    subscribe('7');
    await waitFor(() => sockets.feed.opened === 6);
  } finally {
    await sockets.close();
  }
});

test('a message that is too large closes the socket with 1009', async () => {
  expect(await closeCode([{ type: 'connection_init', payload: { authorization: 'x'.repeat(300_000) } }])).toBe(1009);
});

test('a page of another origin is refused, even with the cookie', async () => {
  const attempt = closeCode([], { headers: { cookie: `outrider_token=${adminToken}`, origin: 'https://evil.example' } });
  await expect(attempt).rejects.toThrow('403');
});

test('the cookie is enough on the same origin', async () => {
  const socket = new WebSocket(socketUrl(), 'graphql-transport-ws', { headers: { cookie: `outrider_token=${adminToken}`, origin: new URL(api.url).origin } });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
  const [message] = await new Promise<any[]>((resolve) => socket.once('message', (...args) => resolve(args)));
  expect(JSON.parse(String(message))).toEqual({ type: 'connection_ack' });
  socket.close();
});

test('an invalid document is an error message, and the socket stays', async () => {
  const socket = client(`Bearer ${adminToken}`);
  const run = (query: string) =>
    new Promise<any>((resolve) => {
      let result: unknown;
      socket.subscribe({ query }, { next: (value) => (result = value), error: resolve, complete: () => resolve(result) });
    });
  expect(await run('subscription { nonsense }')).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  expect(await run('subscription { ')).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
  expect(await run('{ viewer { name } }')).toEqual({ data: { viewer: { name: 'admin' } } });
  await socket.dispose();
});

test('jobProgress gives the present state, then newer ones in rising sequence, and ends after the terminal one', async () => {
  const [{ id }] = await api.sql(`select ${uuid('job', '1')} as id`);
  const socket = client(`Bearer ${adminToken}`);
  const progress = socket.iterate<any>({
    query: 'subscription ($id: ID!) { jobProgress(id: $id) { sequence status processed job { id status doneCount } } }',
    variables: { id: Buffer.from(`Job:${id}`).toString('base64url') },
  });
  const first = (await progress.next()).value.data.jobProgress;
  expect(first).toMatchObject({ status: 'RUNNING', processed: 30, job: { status: 'RUNNING', doneCount: 5 } });
  await api.sql(`update jobs set sequence = sequence + 1, done_count = 6 where id = $1`, [id]);
  const second = (await progress.next()).value.data.jobProgress;
  expect(second.sequence).toBeGreaterThan(first.sequence);
  expect(second.job.doneCount).toBe(6);
  await api.sql(`update jobs set sequence = sequence + 1, status = 'completed_with_errors', finished_at = now() where id = $1`, [id]);
  expect((await progress.next()).value.data.jobProgress.status).toBe('COMPLETED_WITH_ERRORS');
  expect((await progress.next()).done).toBe(true);
  await socket.dispose();
});

test('a job that is not there is an error', async () => {
  const socket = client(`Bearer ${adminToken}`);
  const progress = socket.iterate<any>({ query: 'subscription { jobProgress(id: "nonsense") { sequence } }' });
  const answer = await progress.next().then(({ value }) => value.errors, (errors) => errors);
  expect(answer).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  await socket.dispose();
});

test('schemaHealthChanged tells of a difference while it serves', async () => {
  const socket = client(`Bearer ${adminToken}`);
  const changes = socket.iterate<any>({ query: 'subscription { schemaHealthChanged { status drift(minSeverity: BREAKING) { table column } } }' });
  const told = (async () => {
    for await (const { data } of changes) {
      const { status, drift } = data.schemaHealthChanged;
      if (drift.some(({ table, column }: any) => table === 'jobs' && column === 'drafts_created')) return status;
    }
  })();
  await api.sql('alter table jobs rename column drafts_created to drafts_gone');
  try {
    expect(await told).toBe('BROKEN');
  } finally {
    await api.sql('alter table jobs rename column drafts_gone to drafts_created');
    await socket.dispose();
  }
});
