import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket, type ClientOptions } from 'ws';
import { outreachOf } from '../support/outreach.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';

const frontEnd = 'https://app.example';
let api: Api;
/** behind a proxy that speaks HTTPS, with a front end of another origin */
let proxied: Api;

beforeAll(async () => {
  api = await startApi();
  proxied = await startApi(api.databaseUrl, outreachOf({ publicUrl: 'https://public.example' }), { TRUST_PROXY: '1', CORS_ORIGINS: `${frontEnd}, http://localhost:5173` });
});
afterAll(async () => {
  await proxied.stop();
  await api.stop();
});

const cookie = `outrider_token=${adminToken}`;
const json = { 'content-type': 'application/json' };
const viewer = JSON.stringify({ query: '{ viewer { name } }' });

/** Every route that takes the cookie, and one that gives it. */
const routes: [path: string, init: RequestInit & { headers?: Record<string, string> }][] = [
  ['graphql', { method: 'POST', body: viewer, headers: json }],
  ['graphql?query={viewer{name}}', { headers: { 'apollo-require-preflight': '1' } }],
  ['import?format=csv', { method: 'POST', body: 'display_name\n' }],
  ['export?format=csv', {}],
  ['inbound', { method: 'POST', body: 'x' }],
  ['metrics', {}],
  ['health/migrate', { method: 'POST' }],
  ['login', { method: 'POST', body: JSON.stringify({ token: adminToken }), headers: json }],
  ['logout', { method: 'POST' }],
];

const pages: [page: string, headers: Record<string, string>][] = [
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['another port of this host', { origin: 'http://127.0.0.1:5173', 'sec-fetch-site': 'same-site' }],
  ['a sandbox', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['another site, in a browser that says only the origin', { origin: 'https://evil.example' }],
  ['another site, with a request that has no origin', { 'sec-fetch-site': 'cross-site' }],
];

test.each(routes.flatMap(([path, init]) => pages.map(([page, headers]) => [init.method ?? 'GET', path, page, headers, init] as const)))(
  '%s /%s is refused to %s, whatever cookie it has', async (_method, path, _page, headers, init) => {
    const response = await fetch(`${api.url}${path}`, { ...init, headers: { ...init.headers, ...headers, cookie } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(response.headers.get('set-cookie')).toBeNull();
  });

test.each<[string, Record<string, string>]>([
  ['our own page', { 'sec-fetch-site': 'same-origin' }],
  ['our own page, in a browser that says only the origin', { origin: 'own' }],
  ['somebody at the address bar', { 'sec-fetch-site': 'none' }],
  ['a program', {}],
])('the cookie is believed from %s', async (_page, headers) => {
  const origin = headers['origin'] && { origin: new URL(api.url).origin };
  expect((await fetch(`${api.url}graphql`, { method: 'POST', body: viewer, headers: { ...json, cookie, ...headers, ...origin } })).status).toBe(200);
});

test('a query that is known is refused to another page like any other', async () => {
  const ask = (headers = {}) => fetch(`${api.url}graphql`, { method: 'POST', body: viewer, headers: { ...json, cookie, ...headers } });
  for (let run = 0; run < 3; run++) expect((await ask()).status).toBe(200);
  expect((await ask({ origin: 'https://evil.example' })).status).toBe(403);
});

test('a form of any kind does nothing, and GET changes nothing', async () => {
  const mutation = 'mutation { createProspect(input: { displayName: "Forged", email: "forged@example.org" }) { userErrors { code } } }';
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const response = await fetch(`${api.url}graphql`, { method: 'POST', body: JSON.stringify({ query: mutation }), headers: { cookie, 'content-type': type } });
    expect(response.status).toBe(400);
  }
  const got = await fetch(`${api.url}graphql?query=${encodeURIComponent(mutation)}`, { headers: { cookie, 'apollo-require-preflight': '1' } });
  expect(got.status).toBe(405);
  expect(await api.sql('select 1 from prospects')).toEqual([]);
});

test('another origin gets no leave from the browser unless it is named', async () => {
  const ask = (at: Api, origin: string, init: RequestInit) => fetch(`${at.url}graphql`, { ...init, headers: { origin, ...(init.headers as object) } });
  const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' } };
  const granted = (response: Response) => [...response.headers].filter(([name]) => name.startsWith('access-control-allow'));
  expect(granted(await ask(api, frontEnd, preflight))).toEqual([]);
  expect(granted(await ask(proxied, 'https://evil.example', preflight)).find(([name]) => name === 'access-control-allow-origin')).toBeUndefined();

  const allowed = await ask(proxied, frontEnd, preflight);
  expect(allowed.status).toBe(204);
  expect(Object.fromEntries(granted(allowed))).toMatchObject({ 'access-control-allow-origin': frontEnd, 'access-control-allow-methods': 'GET,POST' });
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  // The third time it is answered on the short way.
  for (let run = 0; run < 3; run++) {
    const answer = await ask(proxied, frontEnd, { method: 'POST', body: viewer, headers: { ...json, authorization: `Bearer ${adminToken}` } });
    expect([answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([200, frontEnd, expect.stringContaining('Origin')]);
  }
  const login = await fetch(`${proxied.url}login`, { method: 'OPTIONS', headers: { origin: frontEnd, 'access-control-request-method': 'POST' } });
  expect(granted(login)).toEqual([]);
});

/** What the first answer to connection_init is, or the HTTP status that refused the socket. */
function introduce(at: Api, headers: Record<string, string>, authorization?: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${at.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws', { headers } satisfies ClientOptions);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: authorization ? { authorization } : undefined })));
    socket.on('message', (data) => {
      resolve(JSON.parse(String(data)).type);
      socket.close();
    });
    socket.on('close', (code) => resolve(String(code)));
    socket.on('error', (error) => resolve(error.message));
  });
}

test('a named front end opens a socket with a token of its own, and never with the cookie', async () => {
  expect(await introduce(proxied, { origin: frontEnd }, `Bearer ${adminToken}`)).toBe('connection_ack');
  expect(await introduce(proxied, { origin: frontEnd, cookie })).toBe('4403');
  expect(await introduce(proxied, { origin: 'https://evil.example', cookie })).toContain('403');
  expect(await introduce(api, { origin: frontEnd }, `Bearer ${adminToken}`)).toContain('403');
});

test('behind a proxy our own page is that of the address which people use', async () => {
  expect(await introduce(proxied, { origin: 'https://public.example', cookie })).toBe('connection_ack');
  expect(await introduce(proxied, { origin: 'https://other.example', 'x-forwarded-host': 'other.example', cookie })).toBe('connection_ack');
  expect(await introduce(api, { origin: 'https://other.example', 'x-forwarded-host': 'other.example', cookie })).toContain('403');
});

test('over HTTPS the cookie is one that only this host can have set', async () => {
  const login = (headers = {}) => fetch(`${proxied.url}login`, { method: 'POST', body: JSON.stringify({ token: adminToken }), headers: { ...json, ...headers } });
  const secure = (await login({ 'x-forwarded-proto': 'https' })).headers.get('set-cookie')!;
  expect(secure).toMatch(/^__Host-outrider_token=\S+; Max-Age=2592000; Path=\/; Expires=.*; HttpOnly; Secure; SameSite=Strict$/);
  expect((await login()).headers.get('set-cookie')).toMatch(/^outrider_token=(?!.*Secure)/);
  const status = async (sent: string) => (await proxied.post({ query: '{ viewer { name } }' }, { cookie: sent, 'x-forwarded-proto': 'https' })).status;
  expect(await status(secure.split(';')[0]!)).toBe(200);
  // A neighbour on a subdomain can set this one.
  expect(await status(cookie)).toBe(401);
  const logout = await fetch(`${proxied.url}logout`, { method: 'POST', headers: { 'x-forwarded-proto': 'https' } });
  expect(logout.headers.get('set-cookie')).toMatch(/^__Host-outrider_token=; Path=\/; Expires=Thu, 01 Jan 1970.*Secure/);
});

test('the session of a browser ends when its key is revoked', async () => {
  const { data } = await api.ask('mutation { createApiKey(input: { name: "Ada", role: VIEWER }) { key apiKey { id } } }');
  const session = { cookie: `outrider_token=${data.createApiKey.key}` };
  const status = async () => (await api.post({ query: '{ viewer { name } }' }, session)).status;
  expect(await status()).toBe(200);
  await api.ask('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { userErrors { code } } }', { id: data.createApiKey.apiKey.id });
  await waitFor(async () => (await status()) === 401);
});

test.each(['*', 'app.example', 'https://app.example/', 'https://*.example'])('CORS_ORIGINS=%s is refused', async (origins) => {
  await expect(startApi('postgresql://127.0.0.1:1/x', undefined, { CORS_ORIGINS: origins })).rejects.toThrow(/Set CORS_ORIGINS to another value: must be origins/);
});
