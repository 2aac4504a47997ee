import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';

export interface Trap {
  port: number;
  /** whether this machine has IPv6 */
  hasIpv6: boolean;
  /** what reached it: connections, and the bytes that came over them */
  reached: { connections: number; bytes: number };
  close(): Promise<void>;
}

/** Listens on every address of this machine, IPv4 and IPv6, counts whoever comes, and answers each as a web server would. */
export async function setTrap(): Promise<Trap> {
  const reached = { connections: 0, bytes: 0 };
  const server: Server = createServer((socket) => {
    reached.connections += 1;
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      reached.bytes += piece.length;
      socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n');
    });
  });
  const hasIpv6 = Object.values(networkInterfaces()).flat().some((one) => one?.address === '::1');
  server.listen(0, hasIpv6 ? '::' : '0.0.0.0');
  await once(server, 'listening');
  return {
    hasIpv6,
    port: (server.address() as AddressInfo).port,
    reached,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
