import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { WebSocket } from 'ws';
import { unsubscribeUrl } from '../../src/mail/unsubscribeLink.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { keepLog } from './logLines.ts';

const kept = keepLog();
const outreach = outreachOf({ publicUrl: 'http://outreach.example' });
let api: Api;

beforeAll(async () => {
  api = await startApi(undefined, outreach, {}, undefined, kept.log);
});
afterEach(() => {
  jest.restoreAllMocks();
  kept.lines.length = 0;
});
afterAll(() => api.stop());

const secret = `insert into hidden_table (email) values ('ada@hidden.example') at /home/hidden/app.ts:12 via 10.9.8.7:5432 with hunter2-hidden`;
const leak = /hidden|hunter2|10\.9\.8\.7|insert into|node_modules|\bat \S+:\d+|\.ts:|TypeError|EACCES|ECONNREFUSED|XX000|stack|Did you mean/;

const faults: [what: string, make: () => Error][] = [
  ['a mistake of ours', () => new TypeError(secret)],
  ['an error of PostgreSQL that nobody expects', () => Object.assign(new Error(secret), { code: 'XX000', detail: secret, where: secret, query: secret })],
  ['an error of the file system', () => Object.assign(new Error(`EACCES: permission denied, open '/home/hidden'`), { code: 'EACCES', path: '/home/hidden', syscall: 'open' })],
];

/** Whatever a route does with the database, from here on it throws. */
function breakDatabase(error: Error): void {
  const fail = () => {
    throw error;
  };
  jest.spyOn(api.orm.em, 'fork').mockImplementation(fail);
  jest.spyOn(api.orm.em, 'getKysely').mockImplementation(fail);
  // Reads have a way of their own; what the server does by itself goes on.
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const text = (args[0] as { text?: string } | null)?.text ?? String(args[0]);
    if (text.includes('from prospects')) throw error;
    return original.apply(this, args);
  } as never);
}

const authorization = `Bearer ${adminToken}`;
const requestId = 'request-of-the-test';
const headers = { authorization, 'x-request-id': requestId };
const json = { ...headers, 'content-type': 'application/json' };
const prospect = 'mutation { createProspect(input: { displayName: "New", email: "new@example.org" }) { userErrors { code } } }';

const boundaries: [path: string, init: () => RequestInit][] = [
  ['graphql', () => ({ method: 'POST', headers: json, body: JSON.stringify({ query: prospect }) })],
  ['graphql', () => ({ method: 'POST', headers: json, body: JSON.stringify({ query: '{ prospects { nodes { id } } }' }) })],
  ['graphql', () => ({ method: 'POST', headers: { ...json, authorization: 'Bearer another' }, body: JSON.stringify({ query: '{ viewer { name } }' }) })],
  ['import?format=csv', () => ({ method: 'POST', headers, body: 'display_name,profile_url\nAda,https://ada.example\n' })],
  ['export?format=csv', () => ({ headers })],
  ['inbound', () => ({ method: 'POST', headers, body: 'From: ada@example.org\r\n\r\nYes' })],
  ['login', () => ({ method: 'POST', headers: json, body: '{"token":"another"}' })],
  ['jobs?token=another', () => ({ headers: { 'x-request-id': requestId } })],
  ['unsubscribe/LINK', () => ({ method: 'POST', headers: { 'x-request-id': requestId } })],
  ['unsubscribe/LINK', () => ({ headers: { 'x-request-id': requestId } })],
];
const link = () => new URL(unsubscribeUrl(outreach, '018f0000-0000-7000-8000-000000000000')!).pathname.split('/').pop()!;

test.each(boundaries.flatMap(([path, init]) => faults.map(([what, make]) => [init().method ?? 'GET', path, what, make, init] as const)))(
  '%s /%s: %s is not told, and its id is in the log', async (_method, path, _what, make, init) => {
    const token = link();
    breakDatabase(make());
    const response = await fetch(`${api.url}${path.replace('LINK', token)}`, { ...init(), redirect: 'manual' });
    const text = await response.text();
    expect(`${text}${JSON.stringify([...response.headers])}`).not.toMatch(leak);
    expect(response.headers.get('x-request-id')).toBe(requestId);
    const [errorId] = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/.exec(text)!;
    expect(kept.entries()).toContainEqual(expect.objectContaining({ level: 'error', errorId, requestId, err: expect.objectContaining({ stack: expect.stringContaining('at ') }) }));
    expect(kept.lines.join('')).not.toContain('ada@hidden.example');
  });

test.each(['health/ready', 'health/schema'])('GET /%s: a check that fails in an unknown way is not told', async (path) => {
  jest.spyOn(api.health, 'check').mockRejectedValue(new TypeError(secret));
  const response = await fetch(`${api.url}${path}`);
  const text = await response.text();
  expect([response.status, text]).toEqual([500, expect.not.stringMatching(leak)]);
  expect(kept.entries()).toMatchObject([{ errorId: JSON.parse(text).errors[0].extensions.errorId }]);
});

test('GET /metrics answers what it has', async () => {
  breakDatabase(new TypeError(secret));
  expect(await (await fetch(`${api.url}metrics`, { headers })).text()).not.toMatch(/hidden/);
});

test('a socket is told no more than a request, and its id is in the log', async () => {
  breakDatabase(new TypeError(secret));
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws', { headers: { 'x-request-id': requestId } });
  const answer = await new Promise<string>((resolve) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: prospect } }));
      else resolve(String(data));
    });
  });
  socket.close();
  expect(answer).not.toMatch(leak);
  const { errorId } = JSON.parse(answer).payload.errors[0].extensions;
  expect(kept.entries()).toContainEqual(expect.objectContaining({ errorId, requestId }));
});

test('where a database is that does not answer is told to who has a token', async () => {
  const away = await startApi('postgresql://hidden@127.0.0.1:1/hidden');
  try {
    for (const path of ['health/ready', 'health/schema']) {
      const everybody = await (await fetch(`${away.url}${path}`)).text();
      expect(everybody).toContain('UNREACHABLE');
      expect(everybody).not.toMatch(/hidden|127\.0\.0\.1|listens/);
      expect(await (await fetch(`${away.url}${path}`, { headers: { authorization } })).text()).toContain('127.0.0.1');
    }
  } finally {
    await away.stop();
  }
});

test.each<[string, string, RequestInit, number]>([
  ['bad JSON', 'graphql', { method: 'POST', headers: json, body: '{"query": ' }, 400],
  ['bad JSON at the login', 'login', { method: 'POST', headers: json, body: '{{' }, 400],
  ['no JSON at the login', 'login', { method: 'POST', headers, body: 'token=x' }, 400],
  ['too much JSON', 'login', { method: 'POST', headers: json, body: JSON.stringify({ token: 'x'.repeat(20_000) }) }, 413],
  ['an unknown encoding', 'graphql', { method: 'POST', headers: { ...json, 'content-encoding': 'zstd-hidden' }, body: 'x' }, 415],
  ['an unknown character set', 'graphql', { method: 'POST', headers: { ...headers, 'content-type': 'application/json; charset=hidden' }, body: '{}' }, 415],
  ['what is no gzip', 'graphql', { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: 'x' }, 400],
  ['what is no gzip, uploaded', 'import?format=csv', { method: 'POST', headers: { ...headers, 'content-encoding': 'gzip' }, body: 'x' }, 400],
  ['half of an escape in a path', '%E0%A4%A', { headers }, 400],
  ['a path out of the folder', 'assets/..%2f..%2fpackage.json', { headers }, 403],
  ['a NUL in a path', 'assets/%00', { headers }, 400],
  ['a file that is not there', 'assets/missing.js', { headers }, 404],
  ['nothing', 'missing', { method: 'PUT', headers }, 404],
])('%s is a JSON error that quotes nothing', async (_what, path, init, status) => {
  const response = await fetch(`${api.url}${path}`, init);
  const text = await response.text();
  expect([response.status, text]).toEqual([status, expect.not.stringMatching(leak)]);
  expect(JSON.parse(text).errors[0].extensions.code).toMatch(/^[A-Z_]+$/);
});

test('a request has an id of its own unless it brings one that can stand in a log', async () => {
  const ask = async (id?: string) => (await api.post({ query: '{ viewer { name } }' }, { authorization, ...(id === undefined ? {} : { 'x-request-id': id }) })).headers.get('x-request-id');
  // The third time it is answered on the short way.
  for (let run = 0; run < 3; run++) {
    expect(await ask('proxy-4711.a:b')).toBe('proxy-4711.a:b');
    expect(await ask()).toMatch(/^[\da-f-]{36}$/);
    for (const id of ['short', 'with blanks in it', 'x'.repeat(65), '{"level":"fatal"}']) expect(await ask(id)).toMatch(/^[\da-f-]{36}$/);
  }
});
