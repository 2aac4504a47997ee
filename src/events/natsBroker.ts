import { setImmediate } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Broker, Connection, ConnectionListener, Notice } from './broker.ts';
import type { Topic } from './events.ts';
import { namespaceOf } from './namespaceOf.ts';

type Transport = typeof import('@nats-io/transport-node');

/** Subjects of NATS. `urls`: nats:// or tls://user:password@host:port/name, or token@host; several servers of one cluster comma-separated. */
export function natsBroker(urls: string): Broker {
  const servers = urls.split(',').map((url) => new URL(url.trim()));
  const name = `NATS at ${servers.map(({ host }) => host).join(', ')}`;
  return {
    kind: 'nats',
    name,
    variable: 'EVENTS_URL',
    // Only who uses it pays for loading it.
    connect: async (listener) => new NatsServerConnection(await import('@nats-io/transport-node'), servers, listener),
    isRefusal: (error) => /authorization|authentication|permissions violation/i.test(String((error as Error).message)),
  };
}

class NatsServerConnection implements Connection {
  readonly #transport: Transport;
  readonly #servers: readonly URL[];
  readonly #listener: ConnectionListener;
  readonly #namespace: string;
  #opening: Promise<NatsConnection> | null = null;
  #refusal: Error | null = null;

  constructor(transport: Transport, servers: readonly URL[], listener: ConnectionListener) {
    this.#transport = transport;
    this.#servers = servers;
    this.#listener = listener;
    this.#namespace = namespaceOf(servers[0]!.href);
  }

  async open(): Promise<void> {
    const [{ username, password, protocol }] = this.#servers as [URL];
    this.#opening = this.#transport.connect({
      servers: this.#servers.map(({ host }) => host),
      name: 'outrider events',
      timeout: 5_000,
      reconnect: false,
      ...(password ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : username ? { token: decodeURIComponent(username) } : {}),
      ...(protocol === 'tls:' ? { tls: {} } : {}),
    });
    const nats = await this.#opening;
    void nats.closed().then((error) => this.#listener.lost(error ?? undefined));
    void this.#watch(nats);
  }

  async listen(topic: Topic): Promise<void> {
    const nats = await this.#opening!;
    nats.subscribe(this.#subjectOf(topic), {
      callback: (error, message) => (error ? this.#listener.lost(error) : this.#listener.received(topic, message.string())),
    });
    await nats.flush();
  }

  async send(notices: readonly Notice[]): Promise<void> {
    const nats = await this.#opening!;
    for (const { topic, payload } of notices) {
      nats.publish(this.#subjectOf(topic), payload);
    }
    // A publication is not acknowledged; the answer to what comes after it is.
    await nats.flush();
    // That the user may not publish is told aside, before that answer.
    await setImmediate();
    if (this.#refusal) throw this.#refusal;
  }

  async ping(): Promise<void> {
    await (await this.#opening!).flush();
  }

  async end(): Promise<void> {
    await this.#opening?.then((nats) => nats.close()).catch(() => {});
  }

  #subjectOf(topic: Topic): string {
    return `${this.#namespace}.${topic}`;
  }

  async #watch(nats: NatsConnection): Promise<void> {
    for await (const status of nats.status()) {
      if (status.type === 'error') this.#refusal = status.error;
    }
  }
}
