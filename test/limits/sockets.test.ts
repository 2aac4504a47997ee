import type { EventEmitter } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { holding } from '../health/support.ts';
import { waitFor } from '../support/waitFor.ts';

let api: Api;

beforeAll(async () => {
  const limits = { TRUST_PROXY: 'loopback', LIMIT_SOCKETS_PER_ADDRESS: '2', LIMIT_OPERATIONS_PER_SOCKET: '3', LIMIT_MESSAGES_PER_SECOND: '5', LIMIT_MESSAGE_BYTES: '2048' };
  api = await startApi(undefined, undefined, limits, 60_000);
});
afterAll(() => api.stop());

/** A socket as of this address, open; rejects with what the server answers instead. */
function open(address?: string): Promise<WebSocket> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws', { headers: address === undefined ? {} : { 'x-forwarded-for': address } });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => resolve(socket));
  });
}

const closed = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.on('close', resolve));

test('an address has so many sockets, others have theirs, and one that is closed makes room', async () => {
  const sockets = await Promise.all([open('203.0.113.1'), open('203.0.113.1')]);
  await expect(open('203.0.113.1')).rejects.toThrow('429');
  sockets.push(await open('203.0.113.2'));
  sockets[0]!.close();
  await closed(sockets[0]!);
  sockets.push(await waitFor(() => open('203.0.113.1')));
  sockets.forEach((socket) => socket.terminate());
});

test('addresses of one /64 are one address', async () => {
  const sockets = await Promise.all([open('2001:db8::1'), open('2001:db8::2')]);
  await expect(open('2001:db8::3')).rejects.toThrow('429');
  sockets.push(await open('2001:db8:0:1::1'));
  sockets.forEach((socket) => socket.terminate());
});

test('sockets of this machine are not counted', async () => {
  const sockets = await Promise.all(Array.from({ length: 5 }, () => open()));
  expect(sockets.map(({ readyState }) => readyState)).toEqual(Array(5).fill(WebSocket.OPEN));
  sockets.forEach((socket) => socket.terminate());
});

test('a socket runs so many operations at a time; one more is RATE_LIMITED, and the others go on', async () => {
  const socket = await open();
  const messages: any[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${adminToken}` } }));
  await waitFor(() => messages.length === 1);
  for (let id = 1; id <= 4; id++) socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: 'subscription { jobsChanged { id } }' } }));
  await waitFor(() => messages.length === 2);
  expect(messages[1]).toMatchObject({ id: '4', type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
  socket.send(JSON.stringify({ id: '1', type: 'complete' }));
  socket.send(JSON.stringify({ id: '5', type: 'subscribe', payload: { query: '{ viewer { name } }' } }));
  await waitFor(() => messages.some(({ id, type }) => id === '5' && type === 'complete'));
  socket.terminate();
});

test('a socket that sends more messages than it may is closed with 1008', async () => {
  const socket = await open();
  const code = closed(socket);
  for (let count = 0; count <= 50; count++) socket.send('{"type":"ping"}');
  expect(await code).toBe(1008);
});

test.each(['ping', 'pong'] as const)('a %s below the messages counts as one', async (kind) => {
  const socket = await open();
  const code = closed(socket);
  for (let count = 0; count <= 50; count++) socket[kind]();
  expect(await code).toBe(1008);
});

test('a mutation that a client does not wait for is counted until it is done', async () => {
  const { release } = await holding(api.databaseUrl, 'lock table templates in access exclusive mode');
  const socket = await open();
  const messages: any[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${adminToken}` } }));
  await waitFor(() => messages.length === 1);
  try {
    for (let id = 1; id <= 4; id++) {
      const query = `mutation { createTemplate(input: { name: "${id}", channel: EMAIL, subject: "s", body: "b" }) { userErrors { code } } }`;
      socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }));
      if (id < 4) socket.send(JSON.stringify({ id: String(id), type: 'complete' }));
    }
    await waitFor(() => messages.length === 2);
    expect(messages[1]).toMatchObject({ id: '4', type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
  } finally {
    await release();
  }
  await waitFor(async () => (await api.sql('select 1 from templates')).length === 3);
  socket.send(JSON.stringify({ id: '5', type: 'subscribe', payload: { query: '{ viewer { name } }' } }));
  await waitFor(() => messages.some(({ id, type }) => id === '5' && type === 'next'));
  socket.terminate();
});

test('a message that is too large closes the socket with 1009', async () => {
  const socket = await open();
  const code = closed(socket);
  socket.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(2_048) } }));
  expect(await code).toBe(1009);
});

test('a message in very many pieces closes the socket with 1008', async () => {
  const socket = await open();
  const code = closed(socket);
  for (let piece = 0; piece < 300; piece++) socket.send(' ', { fin: false });
  expect(await code).toBe(1008);
});

test('a flood is not read to its end: its socket is closed with 1008, and cut off where the client does not agree', async () => {
  const socket = await open();
  // ws would answer the farewell by itself, and send nothing after it.
  const { _receiver: receiver } = socket as unknown as { _receiver: EventEmitter };
  receiver.removeAllListeners('conclude');
  const farewell = new Promise((resolve) => receiver.once('conclude', resolve));
  const code = closed(socket);
  socket.on('error', () => {});
  // Far more than the kernel keeps for whoever does not read.
  const flood = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(1_900) } });
  const most = 10_000;
  let sent = 0;
  const send = () => {
    for (let count = 0; count < 1_000 && sent < most && socket.readyState === WebSocket.OPEN; count++, sent++) socket.send(flood, count < 999 ? undefined : send);
  };
  send();
  expect(await farewell).toBe(1008);
  expect(await code).toBe(1006);
  expect(sent).toBeLessThan(most);
});
