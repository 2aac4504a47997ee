import { connect, type Socket } from 'node:net';
import type { Client } from 'pg';

/** PostgreSQL's number of a cancel request. */
const cancelRequest = 80_877_102;
const patienceMs = 2_000;

/** What pg keeps of a connection, and tells in no type. */
interface Inside {
  processID: number;
  secretKey: number;
  host: string;
  port: number;
  connection: { stream: Socket };
}

/**
 * Cancels what the connection runs now, by the protocol, which leads through poolers too. Resolves when the server has sent the
 * signal or never will: until then the connection must not run anything else, which would be cancelled instead.
 */
export function cancelStatement(client: Client): Promise<void> {
  const { processID, secretKey, host, port, connection: { stream } } = client as unknown as Inside;
  const request = Buffer.alloc(16);
  [16, cancelRequest, processID, secretKey].forEach((value, place) => request.writeInt32BE(value, place * 4));
  return new Promise((resolve) => {
    const socket = stream.remoteAddress === undefined ? connect(`${host}/.s.PGSQL.${port}`) : connect(stream.remotePort!, stream.remoteAddress);
    const timer = setTimeout(() => {
      // It may arrive later, when the connection runs something else: it does so no more.
      stream.destroy();
      socket.destroy();
    }, patienceMs);
    socket.once('connect', () => socket.write(request));
    // The server answers by closing.
    socket.resume();
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
