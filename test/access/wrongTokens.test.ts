import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { Role } from '../../src/domain/enums.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import { createAuthenticator, type Authenticator } from '../../src/http/authenticate.ts';
import type { Identity } from '../../src/http/identity.ts';
import { lookUpTogether } from '../../src/http/lookUpTogether.ts';
import type { Verified } from '../../src/http/verifyJwt.ts';
import { WrongTokens } from '../../src/http/WrongTokens.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi(undefined, undefined, { TRUST_PROXY: '1' });
  await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'Ada', 'viewer', $1)`, [hashOf('a good key')]);
});
afterAll(() => api.stop());

const viewer = { query: '{ viewer { name } }' };
/** As it comes through the proxy that is believed. */
const from = (address: string, token: string) => ({ 'x-forwarded-for': address, authorization: `Bearer ${token}` });
const login = (address: string, token: string) =>
  fetch(`${api.url}login`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': address }, body: JSON.stringify({ token }) });

async function guess(address: string, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let number = 0; number < count; number++) statuses.push((await api.post(viewer, from(address, `${address}-${number}`))).status);
  return statuses;
}

test('after twenty wrong tokens an address is told to wait, everywhere; its good tokens and other addresses go on', async () => {
  expect(await guess('203.0.113.1', 22)).toEqual([...Array<number>(20).fill(401), 429, 429]);
  const refused = await login('203.0.113.1', 'one more');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  expect((await fetch(`${api.url}jobs?token=wrong`, { headers: { 'x-forwarded-for': '203.0.113.1' }, redirect: 'manual' })).status).toBe(429);
  const browser = await fetch(`${api.url}jobs?token=wrong-too`, { headers: { 'x-forwarded-for': '203.0.113.1', accept: 'text/html' }, redirect: 'manual' });
  expect([browser.status, browser.headers.get('location')]).toEqual([303, '/jobs#token-refused']);

  expect((await login('203.0.113.1', 'a good key')).status).toBe(200);
  expect((await api.post(viewer, from('203.0.113.1', adminToken))).status).toBe(200);
  expect((await api.post(viewer, from('203.0.113.2', 'wrong'))).status).toBe(401);
});

test('a page that repeats one wrong token is told that it is wrong, however often', async () => {
  for (let time = 0; time < 30; time++) expect((await api.post(viewer, from('203.0.113.3', 'revoked long ago'))).status).toBe(401);
  expect((await api.post(viewer, from('203.0.113.3', 'another'))).status).toBe(401);
});

test('sockets count too: 4403 for a wrong token, 4429 after too many', async () => {
  const introduce = (token: string, address: string) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws', { headers: { 'x-forwarded-for': address } });
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
      socket.on('message', () => socket.close(1000));
      socket.on('close', resolve);
    });
  const codes = [];
  for (let number = 0; number < 21; number++) codes.push(await introduce(`socket-${number}`, '203.0.113.4'));
  expect(codes).toEqual([...Array<number>(20).fill(4403), 4429]);
  expect(await introduce(adminToken, '203.0.113.4')).toBe(1000);
});

test('an IPv6 network is one address, and what is remembered is bounded', () => {
  const wrong = new WrongTokens();
  const add = (number: number, address: string) => wrong.add(`hash ${number}`, address);
  for (let number = 0; number < 20; number++) add(number, `2001:db8::${number + 1}`);
  expect(() => add(20, '2001:db8::ffff')).toThrow('Too many wrong tokens');
  expect(() => add(21, '2001:db8:0:1::1')).not.toThrow();
  for (let number = 0; number < 10_001; number++) add(100 + number, `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`);
  expect(wrong.has('hash 0')).toBe(false);
  expect(() => add(20_000, '2001:db8::1')).not.toThrow();
});

test('a flood of unknown keys is one statement at a time', async () => {
  let running = 0;
  const asked: number[] = [];
  const find = lookUpTogether(async (hashes) => {
    expect(++running).toBe(1);
    asked.push(hashes.length);
    await new Promise(setImmediate);
    running -= 1;
    return new Map(hashes.includes('known') ? [['known', 'Ada']] : []);
  });
  const answers = await Promise.all([find('first'), ...Array.from({ length: 1_200 }, (_, number) => find(`unknown ${number}`)), find('known'), find('known')]);
  expect(answers.filter((answer) => answer !== null)).toEqual(['Ada', 'Ada']);
  expect(asked).toEqual([1, 500, 500, 201]);
});

test('a question that fails fails those who asked, and nobody else', async () => {
  let fails = true;
  const find = lookUpTogether(async () => {
    if (fails) throw new Error('down');
    return new Map<string, string>();
  });
  await expect(find('a')).rejects.toThrow('down');
  fails = false;
  expect(await find('a')).toBeNull();
});

describe('a key that was good', () => {
  const ada: Identity = { actor: { name: 'Ada', role: Role.VIEWER }, expiresAt: null };
  const clock = { now: 1_700_000_000_000, passed: 0 };
  const pass = (seconds: number) => {
    clock.now += seconds * 1_000;
    clock.passed += seconds * 1_000;
  };
  let answer: () => Promise<ReadonlyMap<string, Identity>>;
  const hash = hashOf('key');
  const found = async (identity = ada) => new Map([[hash, identity]]);
  const down = async () => {
    throw new Error('the database is down');
  };

  beforeEach(() => {
    const sinceStart = performance.now.bind(performance);
    jest.spyOn(Date, 'now').mockImplementation(() => clock.now);
    jest.spyOn(performance, 'now').mockImplementation(() => sinceStart() + clock.passed);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const make = () => createAuthenticator({ adminTokens: ['an admin token of tests'], findKeys: () => answer(), verifyJwt: null });

  test('is looked up again after ten seconds, and after one where nobody would tell that it is revoked', async () => {
    jest.spyOn(performance, 'now').mockImplementation(() => clock.passed);
    let isHearing = true;
    let asked = 0;
    answer = () => ((asked += 1), found());
    const authenticator = createAuthenticator({ adminTokens: [], findKeys: () => answer(), verifyJwt: null, isHearing: () => isHearing });
    const askedAfter = async (seconds: number) => {
      pass(seconds);
      await authenticator.identify('key');
      return asked;
    };
    expect([await askedAfter(0), await askedAfter(9), await askedAfter(2)]).toEqual([1, 1, 2]);
    isHearing = false;
    expect([await askedAfter(0.5), await askedAfter(1), await askedAfter(1.1)]).toEqual([2, 3, 4]);
  });

  test('is believed for five minutes while the database is down, then nobody can say', async () => {
    const authenticator = make();
    answer = found;
    expect(await authenticator.identify('key')).toBe(ada);
    answer = down;
    pass(299);
    expect(await authenticator.identify('key')).toBe(ada);
    pass(2);
    await expect(authenticator.identify('key')).rejects.toThrow('down');
    expect(await authenticator.identify('an admin token of tests')).toMatchObject({ actor: { name: 'admin' } });
  });

  test('is believed no longer where the clock is set back', async () => {
    const authenticator = make();
    answer = found;
    await authenticator.identify('key');
    clock.now -= 3_600_000;
    answer = async () => new Map();
    pass(11);
    expect(await authenticator.identify('key')).toBeNull();

    answer = found;
    clock.now += 3_600_000;
    const another = make();
    await another.identify('key');
    clock.now -= 3_600_000;
    answer = down;
    pass(301);
    await expect(another.identify('key')).rejects.toThrow('down');
  });

  test('does not wait for a database that hangs', async () => {
    const authenticator = make();
    answer = found;
    await authenticator.identify('key');
    answer = () => new Promise(() => {});
    pass(60);
    expect(await authenticator.identify('key')).toBe(ada);
  });

  test('is over when it expires, whatever the database does', async () => {
    const authenticator = make();
    answer = () => found({ ...ada, expiresAt: clock.now + 5_000 });
    expect(await authenticator.identify('key')).toMatchObject({ actor: ada.actor });
    answer = down;
    pass(6);
    await expect(authenticator.identify('key')).rejects.toThrow('down');
  });

  test('is asked about again once keys have changed', async () => {
    const authenticator = make();
    answer = found;
    await authenticator.identify('key');
    answer = async () => new Map();
    authenticator.forget();
    expect(await authenticator.identify('key')).toBeNull();
  });

  test.each([
    ['looked up', async () => {}],
    ['looked up again', async (authenticator: Authenticator) => {
      answer = found;
      await authenticator.identify('key');
      pass(60);
    }],
  ])('is asked about again where keys change while it is %s', async (_what, prepare) => {
    const authenticator = make();
    await prepare(authenticator);
    const before = Promise.withResolvers<ReadonlyMap<string, Identity>>();
    answer = () => before.promise;
    const identified = authenticator.identify('key');
    authenticator.forget();
    answer = async () => new Map();
    before.resolve(await found());
    expect(await identified).toBeNull();
    expect(await authenticator.identify('key')).toBeNull();
  });

  test('as a JWT is verified again where the keys of its issuer change while it is', async () => {
    const jwt = 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln';
    const before = Promise.withResolvers<Verified>();
    const verify = jest.fn<() => Promise<Verified>>().mockReturnValueOnce(before.promise).mockResolvedValue('forged');
    const authenticator = createAuthenticator({ adminTokens: [], findKeys: async () => new Map(), verifyJwt: verify });
    const identified = authenticator.identify(jwt);
    authenticator.forget();
    before.resolve({ ...ada, expiresAt: clock.now + 3_600_000 });
    expect(await identified).toBeNull();
    expect(await authenticator.identify(jwt)).toBeNull();
  });
});
