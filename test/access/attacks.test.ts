import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { hashOf } from '../../src/domain/tokens.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { audience, Issuer } from './issuer.ts';

let api: Api;
let issuer: Issuer;
beforeAll(async () => {
  issuer = await Issuer.start();
  api = await startApi(undefined, undefined, issuer.environment);
  for (const role of ['viewer', 'admin']) await api.sql('insert into api_keys (id, name, role, hash) values (gen_random_uuid(), $1, $1::text::role, $2)', [role, hashOf(`key-${role}`)]);
});
afterAll(async () => {
  await api.stop();
  await issuer.stop();
});

const viewer = { query: '{ viewer { name role } }' };
const asked = async (headers: Record<string, string>) => {
  const response = await api.post(viewer, headers);
  return [response.status, ((await response.json()) as any).data?.viewer ?? null];
};

/** What the server answers to bytes as they are, in one connection. */
function send(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });
}
const body = JSON.stringify(viewer);
const head = (...lines: string[]) => ['POST /graphql HTTP/1.1', 'Host: x', 'Connection: close', 'Content-Type: application/json', ...lines].join('\r\n');

test.each<[string, Record<string, string>]>([
  ['a role of its own in headers', { authorization: 'Bearer key-viewer', 'x-role': 'admin', 'x-forwarded-user': 'admin', 'x-remote-user': 'admin', role: 'ADMIN' }],
  ['the token of the server in the cookie beside', { authorization: 'Bearer key-viewer', cookie: `outrider_token=${adminToken}` }],
  ['another way to say POST', { authorization: 'Bearer key-viewer', 'x-http-method-override': 'PUT' }],
])('a viewer with %s stays a viewer', async (_what, headers) => {
  expect(await asked(headers)).toEqual([200, { name: 'viewer', role: 'VIEWER' }]);
});

test.each<[string, Record<string, string>]>([
  ['no key at all beside the cookie of the server', { authorization: 'Bearer', cookie: `outrider_token=${adminToken}` }],
  ['a wrong key beside the cookie of the server', { authorization: 'Bearer wrong', cookie: `outrider_token=${adminToken}` }],
  ['two tokens', { authorization: `Bearer key-viewer, Bearer ${adminToken}` }],
  ['two cookies of the name', { cookie: `outrider_token=${adminToken}; outrider_token=key-viewer` }],
  ['two cookies of the name, the other way round', { cookie: `outrider_token=key-viewer; outrider_token=${adminToken}` }],
  ['the name that only HTTPS may set', { cookie: `__Host-outrider_token=${adminToken}`, 'x-forwarded-proto': 'https' }],
  ['the name in capitals', { cookie: `OUTRIDER_TOKEN=${adminToken}` }],
  ['the cookie inside another', { cookie: `a="; outrider_token%3D${adminToken}` }],
  ['a part of the token', { authorization: `Bearer ${adminToken.slice(0, -1)}` }],
  ['the token and more', { authorization: `Bearer ${adminToken}x` }],
  ['the hash of a key', { authorization: `Bearer ${hashOf('key-admin')}` }],
  ['a pattern', { authorization: 'Bearer key-%' }],
])('%s is nobody', async (_what, headers) => {
  expect(await asked(headers)).toEqual([401, null]);
});

test('two Authorization headers are one that nobody can mean', async () => {
  const answer = await send(`${head('Authorization: Bearer key-viewer', `Authorization: Bearer ${adminToken}`, `Content-Length: ${body.length}`)}\r\n\r\n${body}`);
  // Node.js takes the first, as RFC 9110 lets it; what matters is that all of the server take the same.
  expect(answer).toContain('"role":"VIEWER"');
});

test.each<[string, string]>([
  ['a length and chunks at once', `${head('Content-Length: 4', 'Transfer-Encoding: chunked')}\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['two lengths', `${head('Content-Length: 4', 'Content-Length: 40')}\r\n\r\n{}`],
  ['chunks in another spelling', `${head('Transfer-Encoding: xchunked')}\r\n\r\n0\r\n\r\n`],
  ['a header on two lines', `${head('X-A: b\r\n c')}\r\n\r\n`],
  ['a blank before the colon', `${head('Content-Length : 2')}\r\n\r\n{}`],
  ['line feeds alone', 'POST /graphql HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}'],
  ['a NUL in a header', `${head('X-A: b\0c')}\r\n\r\n`],
])('%s: one request, one answer, and nothing behind it is run', async (_what, text) => {
  const answer = await send(text);
  expect(answer.match(/HTTP\/1\.1 \d+/g) ?? []).toHaveLength(1);
  expect(answer).toMatch(/^HTTP\/1\.1 (400|401)/);
  expect(answer).not.toContain('outrider_');
});

const json = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const claims = () => ({ iss: issuer.url, aud: audience, sub: 'eve', role: 'admin', exp: Math.floor(Date.now() / 1000) + 600 });

test.each<[string, () => string | Promise<string>]>([
  ['a key id that is a path', () => issuer.sign({ role: 'admin' }, { kid: '../../../../dev/null' })],
  ['a key id that is a URL', () => issuer.sign({ role: 'admin' }, { kid: `${issuer.url}/jwks` })],
  ['a key id that is SQL', () => issuer.sign({ role: 'admin' }, { kid: `x' union select 'y` })],
  ['a certificate of its own', async () => issuer.sign({ role: 'admin' }, { kid: 'mine', x5c: ['MIIB'] })],
  ['a JWT in a JWT', async () => `${json({ alg: 'ES256', kid: 'first', cty: 'JWT' })}.${json(await issuer.sign({ role: 'admin' }))}.${(await issuer.sign()).split('.')[2]}`],
  ['five parts, as what is encrypted has', async () => `${json({ alg: 'dir', enc: 'A128GCM' })}..${json('x')}.${json(claims())}.${json('y')}`],
  ['an algorithm that is a list', () => `${json({ alg: ['none'], kid: 'first' })}.${json(claims())}.`],
  ['an algorithm of the prototype', () => `${json({ alg: '__proto__', kid: 'first' })}.${json(claims())}.AA`],
  ['an empty signature', async () => `${(await issuer.sign({ role: 'admin' })).split('.').slice(0, 2).join('.')}.`],
  ['a signature of nothing but zeros', () => `${json({ alg: 'ES256', kid: 'first' })}.${json(claims())}.${Buffer.alloc(64).toString('base64url')}`],
  ['a header that is no object', () => `${json('[1]')}.${json(claims())}.AA`],
  ['a role with capitals of another alphabet', () => issuer.sign({ role: 'АDMIN' })],
  ['a role of the prototype', () => issuer.sign({ role: 'constructor' })],
  ['a role that is an object', () => issuer.sign({ role: { toLowerCase: 'admin' } })],
  ['a subject that is an object', () => issuer.sign({ sub: { name: 'admin' } })],
  ['a subject that is a number', () => issuer.sign({ sub: 7 })],
  ['the name of whoever runs the server', () => issuer.sign({ sub: 'admin', role: 'viewer' })],
  ['the name of whoever gets mails', () => issuer.sign({ sub: 'Recipient' })],
  ['the name that schema health writes by', () => issuer.sign({ sub: 'schema health' })],
  ['the name that old rows are removed by', () => issuer.sign({ sub: 'retention' })],
])('a JWT with %s opens nothing', async (_what, make) => {
  expect(await asked({ authorization: `Bearer ${await make()}` })).toEqual([401, null]);
});

test('a payload with a claim twice, under the signature of another, opens nothing', async () => {
  const twice = `${json({ alg: 'ES256', kid: 'first' })}.${json('{"role":"admin","role":"viewer"}')}`;
  expect(await asked({ authorization: `Bearer ${twice}.${(await issuer.sign()).split('.')[2]}` })).toEqual([401, null]);
});

test.each([
  '.env', '.git/config', '.npmrc', 'package.json', 'src/index.ts', 'chunks/serve.js', 'index.js', 'index.js.map', 'assets/index.js.map', 'assets', 'assets/', 'assets/../../index.js',
  'assets/%2e%2e/%2e%2e/index.js', 'assets/..%5c..%5cindex.js', '%2e%2e/package.json', '..%2f..%2f..%2fetc/passwd', 'assets/%252e%252e/index.js', '//etc/passwd', 'assets//etc/passwd', 'index.html%00.js',
  'graphql/../metrics', 'health/../metrics', 'metrics/', 'METRICS', '.well-known/x', 'server-status', 'debug/pprof', 'graphiql', 'playground',
])('GET /%s shows nothing but the page, and no file of the server', async (path) => {
  const answer = await send(`GET /${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 (200|301|400|401|403|404|503) /);
  expect(answer).not.toMatch(/root:|"devDependencies"|\[core\]|sourcesContent|outrider_\w+\{|process\.exitCode|registry=/);
  if (answer.startsWith('HTTP/1.1 200')) expect(answer).toContain('<div id="root">');
});

test('who holds a key that is revoked keeps neither socket nor upload nor export', async () => {
  const { key, apiKey } = (await api.ask('mutation { createApiKey(input: { name: "Mallory", role: OPERATOR }) { key apiKey { id } } }')).data.createApiKey;
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  const messages: any[] = [];
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })));
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await waitFor(() => messages.some(({ type }) => type === 'connection_ack'));
  const upload = request(`${api.url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, agent: false });
  const brokenOff = once(upload, 'error');
  upload.write('display_name,email\n');
  await waitFor(async () => (await api.sql('select 1 from jobs')).length === 1);
  await api.ask('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { userErrors { code } } }', { id: apiKey.id });
  expect(await closed).toBe(4403);
  expect(await brokenOff).toMatchObject([{ code: 'ECONNRESET' }]);
  const authorization = `Bearer ${key}`;
  for (const [path, init] of [
    ['graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body }], ['import?format=csv', { method: 'POST', body: 'display_name,email\nx,x@example.org\n' }],
    ['export?format=csv', {}], ['inbound', { method: 'POST', body: 'From: a@example.org\r\n\r\nx' }], ['metrics', {}],
  ] as const) {
    const response = await fetch(`${api.url}${path}`, { ...init, headers: { ...('headers' in init ? init.headers : {}), authorization } });
    expect([path, response.status]).toEqual([path, 401]);
    await response.arrayBuffer();
  }
  expect(await api.sql('select 1 from prospects')).toEqual([]);
});

test('a socket whose key has another role by now is closed, so that it comes again with that', async () => {
  const create = async (name: string) => (await api.ask('mutation ($name: String!) { createApiKey(input: { name: $name, role: OPERATOR }) { key apiKey { id } } }', { name })).data.createApiKey;
  const [kept, other] = await Promise.all([create('Grace'), create('Alan')]);
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  const messages: any[] = [];
  let code: number | null = null;
  socket.on('close', (closedWith) => (code = closedWith));
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${kept.key}` } })));
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await waitFor(() => messages.some(({ type }) => type === 'connection_ack'));
  await api.sql(`update api_keys set role = 'viewer' where name = 'Grace'`);
  // Any key that ends has all of them looked up again.
  await api.ask('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { userErrors { code } } }', { id: other.apiKey.id });
  await waitFor(() => code !== null, { timeoutMs: 20_000 }).finally(() => socket.terminate());
  expect(code).toBe(1001);
});
