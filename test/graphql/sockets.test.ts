import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';
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
