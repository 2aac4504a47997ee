import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createFetch } from '../../src/discovery/fetch/createFetch.ts';

let server: Server;
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.close();
});

/** A fetch of what a server writes that speaks no proper HTTP. */
async function fetchFrom(act: (socket: Socket) => void) {
  server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('data', () => act(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const limits = { timeoutMs: 1_000, attempts: 2, backoffMs: 2, longestWaitMs: 300 };
  const fetch = createFetch({ userAgent: 'Outrider/test', allowedHosts: [host], signal: new AbortController().signal, limits });
  return () => fetch(`http://${host}/`);
}

const endless = (text: string) => (socket: Socket) => {
  const more = (): void => void (socket.destroyed || socket.write(text, () => setImmediate(more)));
  more();
};

describe('a fetch has an end, and says which', () => {
  test.each([
    ['a switch of protocols', 'BAD_RESPONSE', (socket: Socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n')],
    ['hints without end', 'TIMED_OUT', endless('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')],
    ['headers without end', 'BAD_RESPONSE', (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`)],
    ['half of a header', 'CONNECTION_FAILED', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    ['nothing at all', 'CONNECTION_FAILED', (socket: Socket) => socket.end()],
    ['less than it announced', 'CONNECTION_FAILED', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc')],
    ['two lengths', 'BAD_RESPONSE', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabc')],
    ['a redirect to nowhere', 'BAD_RESPONSE', (socket: Socket) => socket.end('HTTP/1.1 302 Found\r\nlocation: http://[\r\ncontent-length: 0\r\n\r\n')],
    ['a redirect to a URL without end', 'BAD_RESPONSE', (socket: Socket) => socket.end(`HTTP/1.1 302 Found\r\nlocation: /${'x'.repeat(10_000)}\r\ncontent-length: 0\r\n\r\n`)],
    ['a redirect to a script', 'ADDRESS_REFUSED', (socket: Socket) => socket.end('HTTP/1.1 302 Found\r\nlocation: javascript:alert(1)\r\ncontent-length: 0\r\n\r\n')],
    ['a status that is none', 'HTTP_STATUS', (socket: Socket) => socket.end('HTTP/1.1 000 -\r\ncontent-length: 0\r\n\r\n')],
  ])('%s: %s', async (_, code, act) => {
    await expect((await fetchFrom(act))()).rejects.toMatchObject({ name: 'FetchError', code });
  });

  test('a time to wait that is no number of this world is not waited for', async () => {
    const nines = '9'.repeat(400);
    const limited = await fetchFrom((socket) => socket.end(`HTTP/1.1 200 OK\r\nratelimit-remaining: 0\r\nratelimit-reset: ${nines}\r\nretry-after: ${nines}\r\ncontent-length: 0\r\n\r\n`));
    await limited();
    expect(await limited()).toMatchObject({ status: 200 });
  });
});
