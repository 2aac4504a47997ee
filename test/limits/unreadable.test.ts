import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerUnreadable } from '../../src/http/answerUnreadable.ts';

let server: Server;

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.write('begun');
  });
  answerUnreadable(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Everything that the server answers to these bytes until it closes the connection. */
function send(...parts: string[]): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  return new Promise((resolve) => {
    socket.on('data', (data) => {
      text += String(data);
      const next = parts.shift();
      if (next) socket.write(next);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.write(parts.shift()!);
  });
}

test.each([
  ['a query in the address that is too long', `GET /graphql?query=${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, '431'],
  ['a header that is too long', `GET /graphql HTTP/1.1\r\nhost: x\r\nauthorization: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
  ['what is no HTTP', 'HELO example.org\r\n\r\n', '400'],
  ['two lengths', 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', '400'],
  ['a length and chunks', 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n', '400'],
])('%s is answered by JSON with a code, and the connection is closed', async (_what, bytes, status) => {
  const [head, body] = (await send(bytes)).split('\r\n\r\n') as [string, string];
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toContain('application/json');
  expect(JSON.parse(body)).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST' } }] });
});

test('nothing is put into the middle of an answer', async () => {
  const text = await send('GET / HTTP/1.1\r\nhost: x\r\n\r\n', 'nonsense\r\n\r\n');
  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
});
