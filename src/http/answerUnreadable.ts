import type { Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** What Node says of a request that it cannot read, as a status and a sentence. */
const answers: Readonly<Record<string, [string, string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The head of the request is larger than 16 kB: send the query by POST.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'The request is too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not come to its end in time.'],
};
const unreadable: [string, string] = ['400 Bad Request', 'The request is no HTTP/1.1 that can be read.'];

/** Answers requests that reach no route because they cannot be read, in the shape that every route of ours gives. */
export function answerUnreadable(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { _httpMessage: current } = socket as { _httpMessage?: ServerResponse };
    // In the middle of an answer there is no place for another.
    if (!(socket instanceof Socket) || !socket.writable || current?.headersSent) return void socket.destroy();
    const [status, message] = answers[error.code ?? ''] ?? unreadable;
    const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    socket.end(`HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`, () => socket.destroy());
  });
}
