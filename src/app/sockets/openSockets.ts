import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import type { SocketLimits } from '../../config/limits.ts';
import { isLoopback, networkOf } from '../../http/clientAddress.ts';
import { credentialsOf } from '../../http/credentials.ts';
import type { Access } from '../../http/requireActor.ts';
import { Addresses } from '../../limits/Addresses.ts';
import { within } from '../within.ts';
import { Operations, type OperationsOptions } from './operations.ts';
import { requestIdOf } from '../identifyRequests.ts';
import { goingAway, Session, type SessionOptions } from './session.ts';
import { Sessions } from './sessions.ts';

/** How long clients may take to agree that a socket is closed, before they are cut off: while the server runs, and at its end (ms). */
const farewellMs = { running: 5_000, ending: 1_000 };
/** of one message; clients send a message as one */
const mostFragments = 256;

export interface SocketOptions extends OperationsOptions {
  server: Server;
  path: string;
  access: Access;
  limits?: SocketLimits;
  /** of one message, after which the socket is closed with 1009 */
  maxMessageBytes?: number;
  /** A socket is asked this often whether it lives, and terminated when it has not answered until the next time (ms). */
  keepAliveMs?: number;
}

export interface Sockets {
  /** Closes those whose token is no longer good, or for another role. */
  checkActors(): Promise<void>;
  /** Closes every one with 1001, after which clients connect again. */
  close(): Promise<void>;
}

/** GraphQL over WebSocket (graphql-transport-ws) on one path. */
export function openSockets({ server, path, access, limits, maxMessageBytes = 256 * 1024, keepAliveMs = 12_000, ...options }: SocketOptions): Sockets {
  // @types/ws does not know the last two yet.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, handleProtocols, maxFragments: mostFragments, closeTimeout: farewellMs.running } as ServerOptions);
  const operations = new Operations(options);
  const sessions = new Sessions(keepAliveMs);
  const addresses = new Addresses(limits?.perAddress ?? 0);

  const open = (socket: WebSocket, { token, address, requestId }: Pick<SessionOptions, 'token' | 'address' | 'requestId'>): void => {
    // ws has closed the socket by then, with 1009 for too large a message.
    socket.on('error', ignore);
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) return socket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
    sessions.add(socket, new Session({ socket, token, address, requestId, authenticator: access.authenticator, operations, messagesPerSecond: limits?.messagesPerSecond ?? 0 }));
  };

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', destroy);
    if (URL.parse(request.url ?? '', 'http://server')?.pathname !== path) return refuse(socket, '404 Not Found');
    if (access.origin.isForeign(request) && !access.origin.isNamed(request)) return refuse(socket, '403 Forbidden');
    // A page of another origin that may ask has a token of its own, which is told in connection_init.
    const { token } = credentialsOf(request, access.origin);
    const address = access.origin.addressOf(request);
    // What is on this machine is a proxy that is not trusted to tell, or may do worse.
    const leave = isLoopback(address) ? ignore : addresses.enter(networkOf(address));
    if (!leave) return refuse(socket, '429 Too Many Requests', 'Retry-After: 10\r\n');
    socket.once('close', leave);
    sockets.handleUpgrade(request, socket, head, (opened) => open(opened, { token, address, requestId: requestIdOf(request) }));
  });

  return {
    checkActors: () => checkActors(sessions, access),
    async close() {
      const closed = new Promise<void>((resolve) => sockets.close(() => resolve()));
      for (const socket of sockets.clients) socket.close(goingAway, 'Going away');
      await within(farewellMs.ending, closed);
      for (const socket of sockets.clients) socket.terminate();
      sessions.close();
    },
  };
}

async function checkActors(sessions: Sessions, { authenticator }: Access): Promise<void> {
  const tokens = Map.groupBy([...sessions].filter(({ token }) => token !== null), ({ token }) => token);
  await Promise.all([...tokens].map(async ([token, holders]) => {
    // While the database does not answer, nobody is signed out.
    const identity = await authenticator.identify(token).catch(() => undefined);
    if (identity !== undefined) holders.forEach((session) => session.confirm(identity));
  }));
}

function refuse(socket: Duplex, status: string, headers = ''): void {
  // Nobody looks at what is no HTTP any more: a client that keeps its half open would keep the connection.
  socket.once('finish', destroy);
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

const ignore = () => {};

function destroy(this: Duplex): void {
  this.destroy();
}
