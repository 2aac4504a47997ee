import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect } from '@jest/globals';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { WebSocket, type ClientOptions } from 'ws';
import type { ServerContext } from '../../src/app/context.ts';
import { anybodyWith } from '../../src/app/requestContext.ts';
import { openSockets } from '../../src/app/sockets/openSockets.ts';
import { trustNoProxy } from '../../src/config/trustProxy.ts';
import type { Role } from '../../src/domain/enums.ts';
import type { Gate } from '../../src/limits/createGate.ts';
import { Conflation } from '../../src/events/conflation.ts';
import { RequestOrigin } from '../../src/http/RequestOrigin.ts';
import { openGate } from '../support/openGate.ts';
import { waitFor } from '../support/waitFor.ts';

export interface State {
  number: number;
  padding?: string;
}

/** The source of one thing's states, which the test feeds. */
export class Feed {
  /** those that read it now */
  readonly streams = new Set<Conflation<State>>();
  opened = 0;
  asked = 0;
  /** what opening it throws */
  fault: Error | null = null;

  open(): Conflation<State> {
    this.opened += 1;
    if (this.fault) throw this.fault;
    const stream: Conflation<State> = new Conflation<State>({ onEnd: () => this.streams.delete(stream), ask: () => ++this.asked });
    this.streams.add(stream);
    return stream;
  }

  put(state: State, options?: { isNews?: boolean; answers?: number; key?: string }): void {
    this.streams.forEach((stream) => stream.put(options?.key ?? 'it', state, options));
  }

  end(): void {
    this.streams.forEach((stream) => stream.end());
  }
}

const typeDefs = `
  type Query { number: Int missing: Int! }
  type Subscription { state(id: ID): State }
  type State { number: Int role: String name: String padding: String }
`;

/** Tokens are `role:name`. */
const identityOf = (token: string | null) => {
  const [role, name] = token?.split(':') ?? [];
  return role && name ? { actor: { role: role as Role, name }, expiresAt: null } : null;
};

/** Sockets over a small schema, without a database; `state` comes from `feed`. */
export async function startSockets({ keepAliveMs, gate }: { keepAliveMs?: number; gate?: Partial<Gate> } = {}) {
  const feed = new Feed();
  const schema = buildSchema(typeDefs);
  const server = createServer();
  const connections: Socket[] = [];
  const counts = { executions: 0 };
  const schemaIs = { broken: false };
  /** what `passed` answers, and for whom it was asked */
  const position = { now: null as number | null, of: [] as string[] };
  const root = (name: string) => (schema.getType(name) as GraphQLObjectType).getFields();
  root('Subscription')['state']!.subscribe = () => feed.open();
  root('Subscription')['state']!.resolve = (state) => {
    counts.executions += 1;
    return state;
  };
  root('State')['role']!.resolve = (_state, _args, { actor }: ServerContext) => actor.role;
  root('State')['name']!.resolve = (_state, _args, { actor }: ServerContext) => actor.name;
  server.on('connection', (socket) => connections.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = openSockets({
    server, path: '/graphql', schema, gate: { ...openGate(schema), ...gate }, keepAliveMs,
    access: {
      authenticator: { identify: async (token) => identityOf(token), isAdminToken: () => false, forget: () => {} },
      origin: new RequestOrigin({ trustProxy: trustNoProxy, publicUrl: undefined, corsOrigins: [] }),
    },
    createContext: (actor) => ({ actor, isSchemaBroken: () => schemaIs.broken }) as ServerContext,
    createSharedContext: (role) => ({ actor: anybodyWith(role), isSchemaBroken: () => schemaIs.broken }) as ServerContext,
    passed: async (names) => {
      const readers = [...names];
      return position.now === null ? null : (position.of.push(...readers), position.now);
    },
    formatError: (formatted) => formatted,
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  return {
    url, feed, counts, schemaIs, position, connections,
    connect: (token = 'viewer:ann', options: ClientOptions = {}) => Client.open(url, token, options),
    async close() {
      await sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Message {
  id?: string;
  type: string;
  payload?: any;
}

/** A socket that has introduced itself, and everything it was told since. */
export class Client {
  readonly messages: Message[] = [];
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.messages.push(withoutPadding(JSON.parse(String(data)))));
  }

  static async open(url: string, token: string, options: ClientOptions): Promise<Client> {
    const client = new Client(new WebSocket(url, 'graphql-transport-ws', options));
    client.socket.on('open', () => client.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    await waitFor(() => client.messages.shift()?.type === 'connection_ack', { intervalMs: 2 });
    return client;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  subscribe(id: string, query = 'subscription { state { number } }', variables?: object, operationName?: string): void {
    this.send({ id, type: 'subscribe', payload: { query, variables, operationName } });
  }

  /** What it was told under this id, in short: numbers, "complete", or codes and messages of errors. */
  told(id: string): (number | string)[] {
    return this.messages.filter((message) => message.id === id).map(({ type, payload }) => {
      if (type !== 'next') return type === 'error' ? payload[0].message : type;
      return payload.errors ? payload.errors[0].message : payload.data.state.number;
    });
  }

  /** Resolves after everything that the server has sent before has come. */
  async settle(): Promise<void> {
    const before = this.messages.length;
    this.send({ type: 'ping' });
    await waitFor(() => this.messages.slice(before).some(({ type }) => type === 'pong'), { intervalMs: 2 });
  }
}

/** Waits until it was told as much, and wants it to be exactly this. */
export async function expectTold(client: Client | undefined, id: string, told: unknown[]): Promise<void> {
  await waitFor(() => client!.told(id).length >= told.length, { intervalMs: 2 });
  expect(client!.told(id)).toEqual(told);
}

function withoutPadding(message: Message): Message {
  const state = message.payload?.data?.state;
  if (state?.padding) state.padding = state.padding.length;
  return message;
}
