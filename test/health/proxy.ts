import { once } from 'node:events';
import { createServer, Socket, type AddressInfo } from 'node:net';

export interface Proxy {
  url: string;
  /** what went to the server, as it went */
  sent(): string;
  /** keeps every connection and lets nothing through, no goodbye either */
  hang(): void;
  /** ends every connection, and listens no more */
  stop(): void;
}

/** Stands between a client and the test server. */
export async function proxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const texts: string[] = [];
  let hangs = false;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = new Socket({ allowHalfOpen: true }).connect(Number(port), hostname);
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(from);
      from.on('error', () => {}).on('close', () => to.destroy());
      from.on('end', () => hangs || to.end());
      from.on('data', (data) => {
        if (from === client) texts.push(data.toString('latin1'));
        if (!hangs) to.write(data);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    sent: () => texts.join(''),
    hang: () => {
      hangs = true;
    },
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
