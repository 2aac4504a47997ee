import { connect, createServer, type AddressInfo } from 'node:net';

/** First bytes of the protocol's messages Query and Parse; those of a login are others. */
const questions = [0x51, 0x50];

/** A way to the same database that counts how often a client asks and is answered; logins are not counted. */
export async function countRoundTrips(url: string): Promise<{ url: string; count(): number; close(): void }> {
  const target = new URL(url);
  let trips = 0;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let asking = false;
    client.on('data', (bytes) => {
      if (!asking && questions.includes(bytes[0] ?? 0)) trips++;
      asking = true;
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      asking = false;
      client.write(bytes);
    });
    client.on('close', () => database.destroy());
    database.on('close', () => client.destroy());
    for (const socket of [client, database]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const at = new URL(url);
  at.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: at.href, count: () => trips, close: () => void server.close() };
}
