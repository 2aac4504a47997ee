import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { holding } from '../health/support.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';

let api: Api;
const keys: Record<string, string> = {};
beforeAll(async () => {
  api = await startApi(undefined, undefined, {}, 60_000);
  for (const name of ['Mallory', 'Ada']) keys[name] = (await api.ask('mutation ($name: String!) { createApiKey(input: { name: $name, role: VIEWER }) { key } }', { name })).data.createApiKey.key;
});
afterAll(() => api.stop());

/** As many statements as one operation may ask for, each with a connection of its own. */
const many = `{ ${Array.from({ length: 50 }, (_, n) => `a${n}: prospects(first: ${n + 1}) { nodes { id } }`).join(' ')} }`;
const waiting = async () => (await api.sql(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length;

/** One operation on a socket, which is left when it is closed. */
function overSocket(query: string): WebSocket {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${keys['Mallory']}` } })));
  socket.on('message', (data) => {
    if (JSON.parse(String(data)).type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  });
  return socket;
}

test.each<[string, () => () => void]>([
  ['over HTTP', () => {
    const gone = new AbortController();
    fetch(`${api.url}graphql`, { method: 'POST', signal: gone.signal, headers: { authorization: `Bearer ${keys['Mallory']}`, 'content-type': 'application/json' }, body: JSON.stringify({ query: many }) }).catch(() => {});
    return () => gone.abort();
  }],
  ['on a socket', () => {
    const socket = overSocket(many);
    return () => socket.terminate();
  }],
])('a key whose statements wait takes not all connections to the database: %s', async (_where, begin) => {
  const { release } = await holding(api.databaseUrl, 'lock table prospects in access exclusive mode');
  const leave = begin();
  try {
    await waitFor(async () => (await waiting()) >= 8);
    expect(await api.ask('{ templates { nodes { id } } }', {}, keys['Ada'])).toEqual({ data: { templates: { nodes: [] } } });
  } finally {
    leave();
    await release();
  }
  // What it has left is there again.
  await waitFor(async () => (await waiting()) === 0);
  const { data, errors } = await api.ask(many, {}, keys['Mallory']);
  expect([errors, Object.keys(data).length]).toEqual([undefined, 50]);
});
