import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  execute, GraphQLError, parse, subscribe, validate,
  type DocumentNode, type ExecutionArgs, type GraphQLFormattedError, type GraphQLSchema,
} from 'graphql';
import { handleProtocols } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { bearer, tokenOf, type Authenticator } from '../http/authenticate.ts';
import type { Actor } from '../services/context.ts';
import { maxTokens } from './apollo.ts';
import type { ServerContext } from './context.ts';
import { within } from './within.ts';

const maxMessageBytes = 256 * 1024;
const subscriptionsPerSocket = 100;
/** How long clients may take to agree that a socket is closed (ms). */
const closeMs = 1_000;
/** RFC 6455's registry: the server cannot do it now. */
const tryAgainLater = 1013;
/** graphql-transport-ws: the token opens nothing. */
const forbidden = 4403;

export interface SocketOptions {
  server: Server;
  path: string;
  schema: GraphQLSchema;
  authenticator: Authenticator;
  createContext: (actor: Actor) => ServerContext;
  /** A position that whoever reads after an event reads at least; null when every read is as new as any event. */
  passed: (actor: Actor) => Promise<number | null>;
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

export interface Sockets {
  /** Closes those whose token is no longer good. */
  checkActors(): Promise<void>;
  /** Closes every one with 1001, after which clients connect again. */
  close(): Promise<void>;
}

interface Extra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  request: IncomingMessage;
  actor?: Actor;
  token?: string | null;
  subscriptions?: Set<string>;
}

/** GraphQL over WebSocket (graphql-transport-ws) on one path. */
export function openSockets({ server, path, schema, authenticator, createContext, passed, formatError }: SocketOptions): Sockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, handleProtocols });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (URL.parse(request.url ?? '', 'http://server')?.pathname !== path) return refuse(socket, '404 Not Found');
    if (!isSameOrigin(request)) return refuse(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });

  const connected = new Set<Extra>();
  const masked = (errors: readonly (GraphQLError | GraphQLFormattedError)[]): GraphQLFormattedError[] =>
    errors.map((error) => formatError(error instanceof GraphQLError ? error.toJSON() : error, error));

  const { dispose } = useServer<{ authorization?: unknown }, Extra>(
    {
      connectionInitWaitTimeout: 5_000,
      // False closes with 4403.
      async onConnect({ connectionParams, extra }) {
        const given = connectionParams?.authorization;
        const token = given === undefined ? tokenOf(extra.request) : bearer(given);
        try {
          extra.token = token;
          extra.actor = (await authenticator.actorOf(token)) ?? undefined;
          if (extra.socket.readyState === extra.socket.OPEN) {
            connected.add(extra);
            extra.socket.once('close', () => connected.delete(extra));
          }
        } catch {
          // The database would have to say who it is. 4403 would sign a dashboard out; after this it tries again.
          extra.socket.close(tryAgainLater, 'The database does not answer.');
        }
        return extra.actor !== undefined;
      },
      onSubscribe({ extra }, id, { query, operationName, variables }) {
        const running = (extra.subscriptions ??= new Set());
        if (running.size >= subscriptionsPerSocket) return [coded(`One socket runs ${subscriptionsPerSocket} operations at most.`, 'RATE_LIMITED')];
        const document = read(schema, query);
        if (Array.isArray(document)) return document;
        running.add(id);
        return { schema, document, operationName, variableValues: variables, contextValue: createContext(extra.actor!) } satisfies ExecutionArgs;
      },
      execute,
      subscribe,
      onComplete: ({ extra }, id) => void extra.subscriptions?.delete(id),
      async onNext({ extra }, _id, _payload, _args, result) {
        const position = await passed(extra.actor!);
        const answer = result.errors ? { ...result, errors: masked(result.errors) } : result;
        return position === null ? answer : { ...answer, extensions: { ...answer.extensions, position } };
      },
      onError: (_socket, _id, _payload, errors) => masked(errors),
    },
    sockets,
  );

  sockets.on('connection', (socket) => {
    // ws has closed the socket by then, with 1009 for too large a message; graphql-ws would print it as a fault of ours.
    socket.removeAllListeners('error').on('error', () => {});
  });

  return {
    async checkActors() {
      await Promise.all([...connected].map(async ({ socket, token }) => {
        // While the database does not answer, nobody is signed out.
        const isGood = await authenticator.actorOf(token ?? null).then((actor) => actor !== null, () => true);
        if (!isGood) socket.close(forbidden, 'Forbidden');
      }));
    },
    async close() {
      await within(closeMs, Promise.resolve(dispose()));
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

function read(schema: GraphQLSchema, query: string): DocumentNode | GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens });
  } catch (error) {
    return [coded((error as Error).message, 'GRAPHQL_PARSE_FAILED')];
  }
  const errors = validate(schema, document, undefined, { maxErrors: 20, hideSuggestions: true });
  return errors.length === 0
    ? document
    : errors.map((error) => new GraphQLError(error.message, { nodes: error.nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }));
}

/** A page of another origin must not use the cookie; programs send no Origin. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host;
}

const coded = (message: string, code: string) => new GraphQLError(message, { extensions: { code } });

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
