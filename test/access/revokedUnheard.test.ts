import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { hashOf } from '../../src/domain/tokens.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { shortest, timed } from '../support/shortest.ts';
import { waitFor } from '../support/waitFor.ts';

/** Whoever hears of it closes a socket at once; it is looked after every half a minute besides. */
const soonMs = 10_000;

let api: Api;
beforeAll(async () => {
  api = await startApi(undefined, undefined, { EVENTS_URL: 'redis://127.0.0.1:1' });
});
afterAll(() => api.stop());

let count = 0;
async function makeKey(): Promise<string> {
  const key = `unheard-${(count += 1)}`;
  await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), $1, 'viewer', $2)`, [key, hashOf(key)]);
  return key;
}
/** As another process does whose word does not come. */
const revoke = (key: string) => api.sql('update api_keys set revoked_at = now() where name = $1', [key]);

test('a key that is revoked elsewhere, of which nothing is heard, opens nothing soon after', async () => {
  const refused = async () => {
    const key = await makeKey();
    const use = async () => (await api.post({ query: '{ viewer { name } }' }, { authorization: `Bearer ${key}` })).status;
    expect(await use()).toBe(200);
    await revoke(key);
    return timed(() => waitFor(async () => (await use()) === 401));
  };
  expect((await shortest(soonMs / 2, refused, ({ took }) => took)).took).toBeLessThan(soonMs / 2);
});

test('and its sockets are closed soon after', async () => {
  const closed = async () => {
    const key = await makeKey();
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
    const code = new Promise<number>((resolve) => socket.once('close', resolve));
    const acknowledged = new Promise((resolve) => socket.once('message', resolve));
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })));
    await acknowledged;
    await revoke(key);
    return timed(() => code);
  };
  const { value, took } = await shortest(soonMs, closed, (result) => result.took);
  expect(value).toBe(4403);
  expect(took).toBeLessThan(soonMs);
});
