import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { postMessage, type Posting } from '../../src/services/sending/social/postMessage.ts';

interface Received {
  headers: IncomingMessage['headers'];
  body: string;
}

let server: Server | ReturnType<typeof createTcpServer> | null = null;
afterEach(async () => {
  (server as Server | null)?.closeAllConnections?.();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
});

/** A webhook that answers as it is told; `received` grows with each request. */
async function listen(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part)).on('end', () => {
      received.push({ headers: request.headers, body });
      answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

const secret = 'a secret of the webhook';
const post = {
  id: 'TWVzc2FnZTox', type: 'message.send' as const, platform: 'GITHUB', username: 'ada', displayName: 'Ada', profileUrl: 'https://github.com/ada',
  body: 'Hëllo Ada', isFollowUp: false, prospectId: 'UHJvc3BlY3Q6MQ',
};

const send = (url: string, changes: Partial<Posting> = {}) =>
  postMessage({ webhook: { url, secret, timeoutSeconds: 0.3 }, post, handOver: async () => {}, stopping: new AbortController().signal, ...changes });

test('a message is posted once, signed over its id, its time and its body, and 2xx is sent', async () => {
  const { url, received } = await listen((response) => response.writeHead(202).end('queued'));
  expect(await send(url)).toEqual({ outcome: 'sent', response: 'The webhook answered 202: queued', retryAfter: null });
  expect(received).toHaveLength(1);
  const { headers, body } = received[0]!;
  expect(JSON.parse(body)).toEqual(post);
  expect(headers['webhook-id']).toBe(post.id);
  expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(5);
  const signature = createHmac('sha256', secret).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  expect(headers['content-type']).toBe('application/json');
});

test.each([
  [204, 'sent'], [400, 'refused'], [401, 'refused'], [404, 'refused'], [422, 'refused'], [410, 'unavailable'],
  [408, 'deferred'], [425, 'deferred'], [429, 'deferred'], [500, 'deferred'], [503, 'deferred'],
])('an answer of %i means %s', async (status, outcome) => {
  const { url } = await listen((response) => response.writeHead(status).end());
  expect(await send(url)).toEqual({ outcome, response: `The webhook answered ${status}`, retryAfter: null });
});

test('a redirect is not followed: it would lead to an address that nobody has named', async () => {
  const { url, received } = await listen((response) => response.writeHead(307, { location: '/elsewhere' }).end());
  expect(await send(url)).toMatchObject({ outcome: 'refused', response: 'The webhook answered 307: redirects are not followed' });
  expect(received).toHaveLength(1);
});

test.each([
  ['120', 120],
  ['0', 0],
  ['99999999', 86_400],
  [new Date(Date.now() + 60_000).toUTCString(), 60],
  ['soon', null],
])('Retry-After: %s is %s seconds', async (header, seconds) => {
  const { url } = await listen((response) => response.writeHead(429, { 'retry-after': header }).end());
  const { retryAfter } = await send(url);
  if (seconds === null) expect(retryAfter).toBeNull();
  else expect(Math.abs(retryAfter! - seconds)).toBeLessThanOrEqual(2);
});

test('what a webhook says is shown in one line, 500 characters of it, however much there is', async () => {
  const { url } = await listen((response) => {
    response.writeHead(400);
    response.write('no\n\tsuch\u0000 user ');
    response.on('error', () => {});
    const pour = () => response.writable && response.write('x'.repeat(65_536), pour);
    pour();
  });
  const { outcome, response } = await send(url);
  expect(outcome).toBe('refused');
  expect(response).toMatch(/^The webhook answered 400: no such user x+$/);
  expect(response).toHaveLength(500);
});

test('an answer whose text never ends counts all the same', async () => {
  const { url } = await listen((response) => response.writeHead(200).write('par'));
  expect(await send(url)).toMatchObject({ outcome: 'sent', response: 'The webhook answered 200: par' });
});

test('no answer in time leaves the outcome unknown', async () => {
  const { url, received } = await listen(() => {});
  expect(await send(url)).toEqual({ outcome: 'unknown', response: 'The webhook has not answered, and may have sent it: it took too long.', retryAfter: null });
  expect(received).toHaveLength(1);
});

test('a connection that breaks instead of an answer leaves the outcome unknown', async () => {
  const { url } = await listen((_, request) => request.socket.destroy());
  expect(await send(url)).toMatchObject({ outcome: 'unknown', response: expect.stringContaining('socket hang up') });
  await new Promise((resolve) => server!.close(resolve));
  const reset = await listen((_, request) => request.socket.resetAndDestroy());
  expect(await send(reset.url)).toMatchObject({ outcome: 'unknown' });
});

test('an answer that is no HTTP leaves the outcome unknown', async () => {
  server = createTcpServer((socket) => socket.on('error', () => {}).resume().end('nonsense\r\n\r\n'));
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  expect(await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).toMatchObject({ outcome: 'unknown' });
});

test('a webhook that lets nobody in is unavailable, and nothing is handed over', async () => {
  const { url } = await listen(() => {});
  await new Promise((resolve) => server!.close(resolve));
  server = null;
  let handedOver = false;
  const handOver = async () => void (handedOver = true);
  expect(await send(url, { handOver })).toMatchObject({ outcome: 'unavailable', response: expect.stringContaining('ECONNREFUSED') });
  expect(await send('http://webhook.invalid/', { handOver })).toMatchObject({ outcome: 'unavailable' });
  expect(handedOver).toBe(false);
});

test('a webhook that speaks no TLS is unavailable over https', async () => {
  const { url } = await listen((response) => response.end());
  expect(await send(url.replace('http:', 'https:'))).toMatchObject({ outcome: 'unavailable' });
});

test('nothing has left when handing over is written down, and nothing leaves when that fails', async () => {
  const { url, received } = await listen((response) => response.end());
  let seen = -1;
  await send(url, { handOver: async () => void (seen = received.length) });
  expect(seen).toBe(0);
  expect(received).toHaveLength(1);
  await expect(send(url, { handOver: () => Promise.reject(new Error('the database is gone')) })).rejects.toThrow('the database is gone');
  expect(received).toHaveLength(1);
});

test('who is told to stop before it has left stops; afterwards the answer is waited for', async () => {
  const stopping = new AbortController();
  const { url, received } = await listen((response) => response.end());
  expect(await send(url, { stopping: stopping.signal, handOver: async () => stopping.abort() })).toMatchObject({ outcome: 'sent' });
  expect(await send(url, { stopping: stopping.signal })).toMatchObject({ outcome: 'interrupted' });
  expect(received).toHaveLength(1);
});
