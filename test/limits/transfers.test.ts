import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { hashOf } from '../../src/domain/tokens.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { holding as hold } from '../health/support.ts';
import { waitFor } from '../support/waitFor.ts';

const patienceMs = 1_000;

let api: Api;
beforeAll(async () => {
  api = await startApi(undefined, undefined, {
    LIMIT_IMPORTS: '1', LIMIT_EXPORTS: '1', LIMIT_INBOUND: '1', CLIENT_PATIENCE_SECONDS: String(patienceMs / 1000), RATE_LIMIT: '1', RATE_LIMIT_BURST: '150',
  });
  for (const name of ['import', 'export', 'inbound', 'large']) {
    await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), $1, 'operator', $2)`, [name, hashOf(`key-${name}`)]);
  }
});
afterAll(() => api.stop());
beforeEach(() => api.sql('truncate prospects, jobs cascade'));

const admin = { authorization: `Bearer ${adminToken}` };
const mail = 'From: ada@example.org\r\nSubject: Hello\r\n\r\nHello\r\n';
const row = 'display_name,profile_url\nP,https://p.example/\n';

function open(method: string, path: string, headers: Record<string, string | number>): ClientRequest {
  const outgoing = request(`${api.url}${path}`, { method, headers, agent: false });
  // A test that breaks it off, or that is broken off, hears of it here.
  outgoing.on('error', () => {});
  return outgoing;
}

async function answerOf(outgoing: ClientRequest): Promise<{ status: number; headers: IncomingMessage['headers']; body: any }> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, headers: response.headers, body: JSON.parse(await text(response)) };
}

const jobs = () => api.sql<{ status: string; error: string | null }>('select status, error from jobs');
const running = async (kind: string) => Number(new RegExp(`outrider_transfers_running\\{kind="${kind}"\\} (\\d+)`).exec(await (await fetch(`${api.url}metrics`, { headers: admin })).text())?.[1]);

const uploadRow = (key: string) => fetch(`${api.url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer key-${key}` }, body: row });

test.each([
  // 60 points each, of 150.
  ['import', () => uploadRow('import'), () => open('POST', 'import?format=csv', { authorization: 'Bearer key-import', 'content-length': 1_000_000 })],
  ['inbound', () => fetch(`${api.url}inbound`, { method: 'POST', headers: { authorization: 'Bearer key-inbound' }, body: mail }), () => open('POST', 'inbound', { authorization: 'Bearer key-inbound', 'content-length': 1_000_000 })],
])('%s: a key that has used up its points gets 429 and Retry-After before anything is read', async (_what, use, openNext) => {
  for (let time = 0; time < 2; time++) expect((await use()).status).toBe(200);
  const next = openNext();
  next.flushHeaders();
  const { status, headers, body } = await answerOf(next);
  expect(status).toBe(429);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(headers.connection).toBe('close');
  expect(body).toMatchObject({ errors: [{ message: expect.stringContaining('RATE_LIMIT'), extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } }] });
  next.destroy();
});

test('export: what it has sent is counted', async () => {
  await api.sql(`insert into prospects (id, canonical_key, display_name, bio_text) select gen_random_uuid(), 'p' || n, 'P', repeat('x', 500) from generate_series(1, 35) n`);
  const ask = () => fetch(`${api.url}export?format=csv`, { headers: { authorization: 'Bearer key-export' } });
  const first = await ask();
  expect([first.status, (await first.text()).length]).toEqual([200, expect.any(Number)]);
  const second = await ask();
  expect(second.status).toBe(429);
  expect(await second.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
});

test('an upload that its key has not the points for is told so in the middle of it', async () => {
  const outgoing = open('POST', 'import?format=csv', { authorization: 'Bearer key-large', 'content-length': 1_000_000 });
  outgoing.write(row + 'Q,https://q.example/\n'.repeat(5_000));
  const { status, body } = await answerOf(outgoing);
  expect([status, body.errors[0].extensions.code]).toEqual([429, 'RATE_LIMITED']);
  outgoing.destroy();
});

test('OUTRIDER_TOKEN is not counted', async () => {
  for (let time = 0; time < 4; time++) expect((await fetch(`${api.url}import?format=csv`, { method: 'POST', headers: admin, body: row })).status).toBe(200);
});

test.each([
  ['imports', () => open('POST', 'import?format=csv', { ...admin, 'content-length': 1_000_000 }), () => fetch(`${api.url}import?format=csv`, { method: 'POST', headers: admin, body: row })],
  ['inbound', () => open('POST', 'inbound', { ...admin, 'content-length': 1_000_000 }), () => fetch(`${api.url}inbound`, { method: 'POST', headers: admin, body: mail })],
])('%s: who finds no place is told to come later; who sends nearly nothing loses it', async (kind, openSlow, next) => {
  const slow = openSlow();
  slow.write(kind === 'imports' ? row : 'From: ');
  const trickle = setInterval(() => slow.write('x'), 100);
  try {
    await waitFor(async () => (await running(kind)) === 1);
    const refused = await next();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refused.json()).toMatchObject({ errors: [{ message: expect.stringMatching(/LIMIT_(IMPORTS|INBOUND)/), extensions: { code: 'OVERLOADED' } }] });
    const { status, headers, body } = await answerOf(slow);
    expect([status, headers.connection, body.errors[0].extensions.code]).toEqual([408, 'close', 'BAD_REQUEST']);
  } finally {
    clearInterval(trickle);
  }
  await waitFor(async () => (await running(kind)) === 0);
  expect((await next()).status).toBe(200);
});

test('the job of an upload that came to a stop says so', async () => {
  const slow = open('POST', 'import?format=csv', { ...admin, 'content-length': 1_000_000 });
  slow.write(row + 'Q,https://q.example/\n'.repeat(3_000));
  const [job] = await waitFor(async () => {
    const found = await jobs();
    return found[0]?.status === 'failed' ? found : null;
  });
  expect(job!.error).toBe('The import broke off: it came more slowly than 1 kB a second');
});

test('an upload that the server keeps waiting is not ended for that', async () => {
  const { release } = await hold(api.databaseUrl, 'lock table prospects in access exclusive mode');
  const uploaded = fetch(`${api.url}import?format=csv`, { method: 'POST', headers: admin, body: `display_name,profile_url,bio_text\n${Array.from({ length: 1_000 }, (_, n) => `Q,https://q${n}.example/,${'x'.repeat(1_500)}\n`).join('')}` });
  await waitFor(async () => (await api.sql(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0);
  await sleep(2 * patienceMs);
  await release();
  expect((await uploaded).status).toBe(200);
});

test('an export that nobody reads ends, and its transaction with it', async () => {
  await api.sql(`insert into prospects (id, canonical_key, display_name, bio_text) select gen_random_uuid(), 'p' || n, 'P', repeat('x', 2000) from generate_series(1, 7000) n`);
  const reader = open('GET', 'export?format=ndjson', admin);
  reader.end();
  const [response] = (await once(reader, 'response')) as [IncomingMessage];
  response.pause();
  response.on('error', () => {});
  expect(await running('exports')).toBe(1);
  const refused = await fetch(`${api.url}export?format=csv`, { headers: admin });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
  await waitFor(async () => (await running('exports')) === 0);
  const holding = `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
  await waitFor(async () => (await api.sql(holding)).length === 0);
  reader.destroy();
});

/** Sends a head, and answers the socket and what has come on it. */
async function raw(head: string): Promise<{ socket: Socket; received: () => string; closed: Promise<unknown> }> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (bytes) => (received += bytes.toString()));
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  socket.write(head);
  return { socket, received: () => received, closed };
}

test('a GraphQL request whose body does not come is told so, and its connection closed', async () => {
  const { received, closed } = await raw(`POST /graphql HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${adminToken}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"que`);
  await closed;
  expect(received()).toMatch(/^HTTP\/1\.1 408 .*"code":"BAD_REQUEST"/s);
});

test('whoever is refused and sends on without an end is cut off', async () => {
  const { socket, received, closed } = await raw('POST /import?format=csv HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n');
  const sending = setInterval(() => socket.writable && socket.write('3e8\r\n' + 'x'.repeat(1_000) + '\r\n'), 5);
  await closed;
  clearInterval(sending);
  expect(received()).toMatch(/^HTTP\/1\.1 401 /);
});

test.each(['graphql', 'inbound', 'login'])('a body for /%s that has no end is refused when it is too large, and its connection closed', async (path) => {
  const { socket, received, closed } = await raw(`POST /${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${adminToken}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`);
  const piece = `4000\r\n${'x'.repeat(0x4000)}\r\n`.repeat(4);
  const send = () => {
    while (socket.writable && socket.write(piece));
    if (socket.writable) socket.once('drain', send);
  };
  send();
  await closed;
  // A client that sends on may hear of the closed connection before the answer.
  expect(received()).toMatch(/^(HTTP\/1\.1 413 .*"code":"BAD_REQUEST".*)?$/s);
});

test('a body that is told to be too large is refused before it comes', async () => {
  const { received, closed } = await raw(`POST /graphql HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${adminToken}\r\ncontent-type: application/json\r\ncontent-length: 1000000000000\r\n\r\n{"que`);
  await closed;
  expect(received()).toMatch(/^HTTP\/1\.1 413 /);
});

test('a socket that asks on and reads nothing is ended, and its answers are not kept', async () => {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  socket.on('error', () => {});
  await once(socket, 'open');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let pongs = 0;
  socket.on('message', () => (pongs += 1));
  socket.pause();
  const asked = 100;
  for (let count = 0; count < asked; count++) await new Promise((sent) => socket.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(200_000) } }), sent));
  socket.resume();
  expect(await closed).toBe(1006);
  expect(pongs).toBeLessThan(asked);
});

test('one key leaves a place to others, and has it back when its own is free; OUTRIDER_TOKEN has all', async () => {
  const own = await startApi(undefined, undefined, { LIMIT_INBOUND: '2' });
  const held: ClientRequest[] = [];
  /** One that holds a place for as long as the rest of its mail does not come. */
  const hold = (token: string): ClientRequest => {
    const outgoing = request(`${own.url}inbound`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-length': mail.length }, agent: false });
    outgoing.on('error', () => {});
    outgoing.flushHeaders();
    held.push(outgoing);
    return outgoing;
  };
  const send = async (token: string) => (await fetch(`${own.url}inbound`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: mail })).status;
  const places = async (count: number) => waitFor(async () => (await (await fetch(`${own.url}metrics`, { headers: admin })).text()).includes(`outrider_transfers_running{kind="inbound"} ${count}`));
  try {
    for (const name of ['one', 'other']) await own.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), $1, 'operator', $2)`, [name, hashOf(`key-${name}`)]);
    const first = hold('key-one');
    await places(1);
    expect(await send('key-one')).toBe(503);
    expect(await send('key-other')).toBe(200);
    first.end(mail);
    expect((await answerOf(first)).status).toBe(200);
    await places(0);
    expect(await send('key-one')).toBe(200);

    hold(adminToken);
    await places(1);
    hold(adminToken);
    await places(2);
    expect(await send('key-other')).toBe(503);
  } finally {
    held.forEach((outgoing) => outgoing.destroy());
    await own.stop();
  }
});
