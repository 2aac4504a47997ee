import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { exportSPKI, importJWK, type CryptoKey } from 'jose';
import { WebSocket } from 'ws';
import { IssuerKeys } from '../../src/http/IssuerKeys.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { audience, Issuer, unsigned, type Claims } from './issuer.ts';

let api: Api;
let issuer: Issuer;
let other: Issuer;

beforeAll(async () => {
  [issuer, other] = await Promise.all([Issuer.start(), Issuer.start()]);
  api = await startApi(undefined, undefined, issuer.environment);
});
afterEach(() => {
  issuer.instead = null;
});
afterAll(async () => {
  await api.stop();
  await Promise.all([issuer.stop(), other.stop()]);
});

const asks = (token: string) => api.post({ query: '{ viewer { name role } }' }, { authorization: `Bearer ${token}` });
const now = () => Math.floor(Date.now() / 1000);

test.each([
  ['the subject, with the role of the claim', {}, { name: 'ada', role: 'OPERATOR' }],
  ['a role in capitals', { role: 'ADMIN' }, { name: 'ada', role: 'ADMIN' }],
  ['several audiences, ours among them', { aud: ['another', audience] }, { name: 'ada', role: 'OPERATOR' }],
  ['clocks that are a little apart', { nbf: now() + 10 }, { name: 'ada', role: 'OPERATOR' }],
])('a JWT is %s', async (_what, claims: Claims, viewer) => {
  expect(await (await asks(await issuer.sign(claims))).json()).toEqual({ data: { viewer } });
});

test.each(['RS256', 'PS256', 'ES384', 'EdDSA'])('%s is believed', async (algorithm) => {
  await issuer.makeKey(algorithm, algorithm);
  const own = await startApi(api.databaseUrl, undefined, issuer.environment);
  try {
    expect((await own.ask('{ viewer { name } }', {}, await issuer.sign({}, { key: algorithm }))).data).toEqual({ viewer: { name: 'ada' } });
  } finally {
    await own.stop();
    issuer.dropKey(algorithm);
  }
});

/** The issuer's public key as the secret of an HMAC, in each form that somebody may have kept it in. */
async function signedWithPublicKey(form: (key: CryptoKey) => Promise<string>): Promise<string> {
  const head = unsigned({ alg: 'HS256', kid: 'first', typ: 'JWT' }, { iss: issuer.url, aud: audience, sub: 'eve', role: 'admin', exp: now() + 600 }).slice(0, -1);
  const secret = await form((await importJWK(issuer.publicKey('first'), 'ES256', { extractable: true })) as CryptoKey);
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

const claims = () => ({ iss: issuer.url, aud: audience, sub: 'eve', role: 'admin', exp: now() + 600 });

test.each<[string, () => string | Promise<string>]>([
  ['signed by nobody', () => unsigned({ alg: 'none' }, claims())],
  ['signed by nobody, in capitals', () => unsigned({ alg: 'NONE', kid: 'first' }, claims())],
  ['an HMAC with the public key in PEM', () => signedWithPublicKey(exportSPKI)],
  ['an HMAC with the public key as JSON', () => signedWithPublicKey(async () => JSON.stringify(issuer.publicKey('first')))],
  ['of another issuer who says to be ours', () => other.sign({ iss: issuer.url })],
  ['with a key of its own in the header', () => other.sign({ iss: issuer.url }, { jwk: other.publicKey('first') })],
  ['with an address of keys in the header', () => other.sign({ iss: issuer.url }, { jku: `${other.url}/jwks`, x5u: `${other.url}/x5u` })],
  ['of an issuer of another name', () => issuer.sign({ iss: 'https://issuer.example' })],
  ['without issuer', () => issuer.sign({ iss: undefined })],
  ['for somebody else', () => issuer.sign({ aud: 'another' })],
  ['without audience', () => issuer.sign({ aud: undefined })],
  ['that is over', () => issuer.sign({ exp: now() - 60 })],
  ['without end', () => issuer.sign({ exp: undefined })],
  ['with an end that is no number', () => issuer.sign({ exp: 'never' })],
  ['that has not begun', () => issuer.sign({ nbf: now() + 600 })],
  ['without role', () => issuer.sign({ role: undefined })],
  ['with a role that there is not', () => issuer.sign({ role: 'root' })],
  ['with several roles', () => issuer.sign({ role: ['viewer', 'admin'] })],
  ['without subject', () => issuer.sign({ sub: undefined })],
  ['with the name of the server itself', () => issuer.sign({ sub: 'Worker' })],
  ['with a name that cannot be stored', () => issuer.sign({ sub: 'a\0b' })],
  ['with an extension that is critical and unknown', () => issuer.sign({}, { crit: ['exotic'], exotic: 1 })],
  ['with another payload under its signature', async () => {
    const [header, , signature] = (await issuer.sign()).split('.');
    return `${header}.${unsigned({}, claims()).split('.')[1]}.${signature}`;
  }],
  ['that is no JSON', () => 'eyJub25zZW5zZQ.eyJub25zZW5zZQ.eyJub25zZW5zZQ'],
  ['longer than any token', () => issuer.sign({ padding: 'x'.repeat(9_000) })],
])('a JWT %s is 401', async (_what, make) => {
  const before = other.asked;
  const response = await asks(await make());
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(other.asked).toBe(before);
});

test('a token of no configured issuer is nobody', async () => {
  const without = await startApi(api.databaseUrl);
  try {
    expect((await without.ask('{ viewer { name } }', {}, await issuer.sign())).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  } finally {
    await without.stop();
  }
});

test('a socket is closed with 4403 when its token is over', async () => {
  // 30 s are given to clocks.
  const token = await issuer.sign({ exp: now() - 24 });
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  const messages: unknown[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data)).type));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
  expect(await closed).toBe(4403);
  expect(messages).toEqual(['connection_ack']);
  expect((await asks(token)).status).toBe(401);
});

test('a browser signs in with a JWT, until it is over; one that no cookie can hold is told so', async () => {
  const login = (token: string) => fetch(`${api.url}login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) });
  const token = await issuer.sign();
  const response = await login(token);
  expect(await response.json()).toEqual({ name: 'ada', role: 'OPERATOR' });
  const cookie = response.headers.get('set-cookie')!;
  expect(Number(/Max-Age=(\d+)/.exec(cookie)![1])).toBeLessThanOrEqual(631);
  expect((await api.post({ query: '{ viewer { name } }' }, { cookie: cookie.split(';')[0]! })).status).toBe(200);
  const tooLong = await login(await issuer.sign({ padding: 'x'.repeat(4_000) }));
  expect(tooLong.status).toBe(413);
  expect(await tooLong.json()).toMatchObject({ errors: [{ message: expect.stringContaining('Authorization: Bearer') }] });
});

test('while the issuer fails or hangs, the keys that are known go on; an unknown one is 503, not 401', async () => {
  const own = await Issuer.start();
  const server = await startApi(api.databaseUrl, undefined, own.environment);
  const code = async (token: string) => (await server.ask('{ viewer { name } }', {}, token)).errors?.[0]?.extensions.code;
  try {
    expect(await code(await own.sign())).toBeUndefined();
    own.instead = 'fails';
    expect(await code(await own.sign({ sub: 'grace' }))).toBeUndefined();
  } finally {
    await server.stop();
    await own.stop();
  }
});

test('a server that has never seen the keys says 503 until it has', async () => {
  issuer.instead = 'fails';
  const server = await startApi(api.databaseUrl, undefined, issuer.environment);
  try {
    const response = await server.post({ query: '{ viewer { name } }' }, { authorization: `Bearer ${await issuer.sign()}` });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'AUTHENTICATION_UNAVAILABLE' } }] });
  } finally {
    await server.stop();
  }
});

/** Keys of the issuer that are asked for without pauses, or never again. */
function keysOf(from: Issuer, cooldowns: { start: number; later: number }) {
  const warnings: object[] = [];
  const changes = { count: 0 };
  const keys = new IssuerKeys({ url: `${from.url}/jwks`, log: { warn: (details) => warnings.push(details) }, onChange: () => (changes.count += 1), cooldowns });
  return { keys, warnings, changes, find: (kid: string) => keys.find({ alg: 'ES256', kid }, {} as never) };
}

test('a key that is new is asked for once, and those that nobody knows once in a while', async () => {
  const rotating = await Issuer.start();
  const { keys, changes, find } = keysOf(rotating, { start: 0, later: 0 });
  const patient = keysOf(rotating, { start: 0, later: 60_000 });
  try {
    await Promise.all([find('first'), find('first')]);
    expect(rotating.asked).toBe(1);
    await rotating.makeKey('second');
    rotating.dropKey('first');
    await find('second');
    expect([rotating.asked, changes.count]).toEqual([2, 1]);
    await expect(find('first')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });

    await patient.find('second');
    const before = rotating.asked;
    for (const kid of ['a', 'b', 'c']) await expect(patient.find(kid)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    expect(rotating.asked).toBe(before);
  } finally {
    keys.close();
    patient.keys.close();
    await rotating.stop();
  }
});

test('an issuer that fails is asked once in a while, warned of once, and its known keys stay', async () => {
  const failing = await Issuer.start();
  const { keys, warnings, find } = keysOf(failing, { start: 60_000, later: 0 });
  try {
    await find('first');
    failing.instead = 'fails';
    for (const kid of ['a', 'b']) await expect(find(kid)).rejects.toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
    await find('first');
    expect(warnings).toEqual([{ reason: 'HTTP 500' }]);
  } finally {
    keys.close();
    await failing.stop();
  }
});

test('an issuer that hangs holds nobody up whose key is known', async () => {
  const hanging = await Issuer.start();
  const { keys, find } = keysOf(hanging, { start: 0, later: 0 });
  try {
    await find('first');
    hanging.instead = 'hangs';
    const unknown = find('unknown').catch((error) => error);
    await waitFor(() => hanging.asked === 2);
    await find('first');
    await hanging.stop();
    expect(await unknown).toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
  } finally {
    keys.close();
  }
});

test.each([
  [{ JWT_ISSUER: 'x', JWT_AUDIENCE: 'y' }, /Set JWT_JWKS_URL too, because JWT_ISSUER is set/],
  [{ JWT_ISSUER: 'x', JWT_AUDIENCE: 'y', JWT_JWKS_URL: 'ftp://x' }, /Set JWT_JWKS_URL to another value/],
])('%j is refused', async (environment, message) => {
  await expect(startApi('postgresql://127.0.0.1:1/x', undefined, environment)).rejects.toThrow(message);
});
