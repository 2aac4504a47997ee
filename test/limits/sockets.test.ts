import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi(undefined, undefined, { TRUST_PROXY: 'loopback', LIMIT_SOCKETS_PER_ADDRESS: '2', LIMIT_OPERATIONS_PER_SOCKET: '3', LIMIT_MESSAGES_PER_SECOND: '5', LIMIT_MESSAGE_BYTES: '2048' });
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

test('a message that is too large closes the socket with 1009', async () => {
  const socket = await open();
  const code = closed(socket);
  socket.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(2_048) } }));
  expect(await code).toBe(1009);
});
