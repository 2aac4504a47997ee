import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { holding } from '../health/support.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';

let api: Api;
const keys: Record<string, string> = {};
beforeAll(async () => {
  api = await startApi(undefined, undefined, {}, 60_000);
  for (const name of ['Mallory', 'Eve', 'Ada']) keys[name] = (await api.ask('mutation ($name: String!) { createApiKey(input: { name: $name, role: VIEWER }) { key } }', { name })).data.createApiKey.key;
});
afterAll(() => api.stop());

/** As many statements as one operation may ask for, each with a connection of its own. */
const many = `{ ${Array.from({ length: 50 }, (_, n) => `a${n}: prospects(first: ${n + 1}) { nodes { id } }`).join(' ')} }`;
const waiting = async () => (await api.sql(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length;

/** Each way of asking for them; what it gives leaves. */
const ways: Record<string, (key: string) => () => void> = {
  'over HTTP': (key) => {
    const gone = new AbortController();
    fetch(`${api.url}graphql`, { method: 'POST', signal: gone.signal, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify({ query: many }) }).catch(() => {});
    return () => gone.abort();
  },
  'on a socket': (key) => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })));
    socket.on('message', (data) => {
      if (JSON.parse(String(data)).type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: many } }));
    });
    return () => socket.terminate();
  },
};

test.each([
  { way: 'over HTTP', names: ['Mallory'] },
  { way: 'on a socket', names: ['Mallory'] },
  { way: 'over HTTP', names: ['Mallory', 'Eve'] },
])('keys whose statements wait take not all connections to the database: $way, $names', async ({ way, names }) => {
  const { release } = await holding(api.databaseUrl, 'lock table prospects in access exclusive mode');
  const leaves: (() => void)[] = [];
  try {
    for (const [before, name] of names.entries()) {
      leaves.push(ways[way]!(keys[name]!));
      await waitFor(async () => (await waiting()) >= 8 + before);
    }
    expect(await api.ask('{ templates { nodes { id } } }', {}, keys['Ada'])).toEqual({ data: { templates: { nodes: [] } } });
  } finally {
    for (const leave of leaves) leave();
    await release();
  }
  // What they have left is there again.
  await waitFor(async () => (await waiting()) === 0);
  for (const name of names) {
    const { data, errors } = await api.ask(many, {}, keys[name]);
    expect([errors, Object.keys(data).length]).toEqual([undefined, 50]);
  }
});
