import type { EventEmitter } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { hashOf } from '../../src/domain/tokens.ts';
import { queryOnce } from '../support/database.ts';
import { runOutrider, type Ended } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { keepLog } from './logLines.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

let count = 0;
/** A key that nobody has used, of its own for each test. */
async function makeKey(): Promise<string> {
  const key = `key-${(count += 1)}`;
  await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), $1, 'viewer', $2)`, [key, hashOf(key)]);
  return key;
}
const viewer = { query: '{ viewer { name } }' };
const use = (key: string, on = api) => on.post(viewer, { authorization: `Bearer ${key}` });
const told = async (key: string) => (await api.ask('{ apiKeys { nodes { name lastUsedAt } } }')).data.apiKeys.nodes.find(({ name }: { name: string }) => name === key).lastUsedAt as string | null;
const written = async (key: string) => (await api.sql('select last_used_at, xmin::text from api_keys where name = $1', [key]))[0];

test('a key tells when it was last used, and one that nobody uses that it never was', async () => {
  const [key, other] = [await makeKey(), await makeKey()];
  expect(await told(key)).toBeNull();
  const before = Date.now();
  expect((await use(key)).status).toBe(200);
  const at = Date.parse((await waitFor(() => told(key)))!);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
  expect(await told(other)).toBeNull();
});

test('it is written once a minute, however often it is used, and on several servers', async () => {
  const [key, marker] = [await makeKey(), await makeKey()];
  const second = await startApi(api.databaseUrl);
  try {
    await use(key);
    await waitFor(() => told(key));
    const first = await written(key);
    for (let run = 0; run < 20; run++) await use(key);
    await use(key, second);
    // Written after all of those would have been.
    await Promise.all([use(marker), use(marker, second)]);
    await waitFor(() => told(marker));
    expect(await written(key)).toEqual(first);
  } finally {
    await second.stop();
  }
  await api.sql(`update api_keys set last_used_at = now() - interval '1 hour' where name = $1`, [key]);
  const third = await startApi(api.databaseUrl);
  await use(key, third);
  // What waits is written at the end.
  await third.stop();
  expect(Date.parse((await told(key))!)).toBeGreaterThan(Date.now() - 60_000);
});

test('a socket is a use; what is refused is none', async () => {
  const [key, revoked, marker] = [await makeKey(), await makeKey(), await makeKey()];
  await api.sql('update api_keys set revoked_at = now() where name = $1', [revoked]);
  expect((await use(revoked)).status).toBe(401);
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })));
  await use(marker);
  await waitFor(async () => (await told(key)) && told(marker));
  socket.close();
  expect(await told(revoked)).toBeNull();
});

test('somebody who holds the row keeps no request waiting, nor other keys from being written', async () => {
  const [key, other] = [await makeKey(), await makeKey()];
  await api.orm.em.fork().transactional(async (tx) => {
    await tx.execute('select 1 from api_keys where name = ? for update', [key]);
    expect((await use(key)).status).toBe(200);
    await use(other);
    await waitFor(() => told(other));
    expect(await told(key)).toBeNull();
  });
});

test.each<[string, (databaseUrl: string) => Promise<string>]>([
  ['a database that only reads', async (url) => `${url}?options=${encodeURIComponent('-c default_transaction_read_only=on')}`],
  ['a column that is lost', async (url) => {
    await queryOnce(url, 'alter table api_keys drop column last_used_at');
    return url;
  }],
])('%s fails no request; the log says so once', async (_what, prepare) => {
  const own = await startApi();
  try {
    await own.sql(`insert into api_keys (id, name, role, hash) select gen_random_uuid(), n, 'viewer', encode(sha256(convert_to(n, 'utf8')), 'hex') from unnest('{one,two,three}'::text[]) n`);
    const kept = keepLog([], 'warn');
    const lines = () => kept.entries().filter(({ msg }) => /last used cannot be written/.test(msg));
    const failing = await startApi(await prepare(own.databaseUrl), undefined, {}, undefined, kept.log);
    try {
      expect((await use('one', failing)).status).toBe(200);
      await waitFor(() => lines().length > 0);
      for (const key of ['one', 'two', 'three']) expect((await use(key, failing)).status).toBe(200);
    } finally {
      await failing.stop();
    }
    expect(lines()).toHaveLength(1);
  } finally {
    await own.stop();
  }
});

const outrider = (...args: string[]): Promise<Ended> => runOutrider(args, { DATABASE_URL: api.databaseUrl });

test('"token list" shows who has a key and when it was used, and never a hash; "token revoke" ends one at once, sockets too', async () => {
  const key = (await outrider('token', 'create', '--name', 'Ada Lovelace', '--role', 'operator')).out.trim();
  expect((await use(key)).status).toBe(200);
  await waitFor(() => told('Ada Lovelace'));
  const listed = JSON.parse((await outrider('token', 'list', '--json')).out) as Record<string, string | null>[];
  const ada = listed.find(({ name }) => name === 'Ada Lovelace')!;
  expect(ada).toEqual({ id: expect.any(String), name: 'Ada Lovelace', role: 'operator', createdAt: expect.any(String), lastUsedAt: expect.any(String), expiresAt: null, revokedAt: null });
  const table = (await outrider('token', 'list')).out;
  expect(table).toMatch(new RegExp(`${ada['id']} +operator +works +[-\\d]+ [\\d:]+ +[-\\d]+ [\\d:]+ +never +Ada Lovelace`));
  expect(table).not.toContain(hashOf(key));

  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })));
    socket.once('message', resolve);
  });
  expect(await outrider('token', 'revoke', ada['id']!)).toMatchObject({ code: 0, out: 'It opens nothing any more.\n' });
  const revokedAt = performance.now();
  expect(await closed).toBe(4403);
  // Told by an event, not found when sockets are looked through every 30 s.
  expect(performance.now() - revokedAt).toBeLessThan(15_000);
  expect((await use(key)).status).toBe(401);
  expect((await api.sql(`select actor, action from activities where action = 'api_key.revoked'`))).toEqual([{ actor: 'cli', action: 'api_key.revoked' }]);
});

test('a socket whose key was revoked, and that goes on as if nothing was said, runs nothing more and is cut off', async () => {
  const key = (await outrider('token', 'create', '--name', 'rude', '--role', 'operator')).out.trim();
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  await new Promise((resolve) => socket.once('open', resolve));
  // ws would answer the farewell by itself, and send nothing after it.
  const { _receiver: receiver } = socket as unknown as { _receiver: EventEmitter };
  receiver.removeAllListeners('conclude');
  const farewell = new Promise((resolve) => receiver.once('conclude', resolve));
  const cutOff = new Promise((resolve) => socket.on('close', resolve));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }));
  await new Promise((resolve) => socket.once('message', resolve));
  await outrider('token', 'revoke', ((await api.sql<{ id: string }>(`select id from api_keys where name = 'rude'`))[0]!).id);
  expect(await farewell).toBe(4403);
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'mutation { createProspect(input: { displayName: "Rude", profileUrl: "https://rude.example/" }) { prospect { id } } }' } }));
  await cutOff;
  expect(await api.sql(`select display_name from prospects where display_name = 'Rude'`)).toEqual([]);
});

test.each([
  ['nonsense', /is no id of an API key/],
  ['018f0000-0000-7000-8000-000000000000', /There is no such API key/],
])('"token revoke %s" says what is wrong, with exit code 2', async (id, says) => {
  const { code, err } = await outrider('token', 'revoke', id);
  expect([code, err]).toEqual([2, expect.stringMatching(says)]);
});
