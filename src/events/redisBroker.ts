import type { RedisClientType } from '@redis/client';
import type { Broker, Connection, ConnectionListener, Notice } from './broker.ts';
import type { Topic } from './events.ts';
import { namespaceOf } from './namespaceOf.ts';

/** Publish and subscribe over one connection (RESP3, so Redis 6 or newer). `url`: redis:// or rediss://user:password@host:port/name */
export function redisBroker(url: string): Broker {
  const { host } = new URL(url);
  return {
    kind: 'redis',
    name: `Redis at ${host}`,
    variable: 'EVENTS_URL',
    connect: async (listener) => {
      // Only who uses it pays for loading it.
      const { createClient } = await import('@redis/client');
      const bare = new URL(url);
      // The path tells installations apart; Redis has one space of channels for all its databases.
      bare.pathname = '';
      const client = createClient({
        url: bare.href,
        socket: { connectTimeout: 5_000, reconnectStrategy: false },
        disableClientInfo: true,
        maintNotifications: 'disabled',
      });
      return new RedisConnection(client as RedisClientType, namespaceOf(url), listener);
    },
    isRefusal: (error) => /^(WRONGPASS|NOAUTH|NOPERM)\b|invalid password/i.test(String((error as Error).message)),
  };
}

class RedisConnection implements Connection {
  readonly #client: RedisClientType;
  readonly #namespace: string;
  readonly #listener: ConnectionListener;

  constructor(client: RedisClientType, namespace: string, listener: ConnectionListener) {
    this.#client = client;
    this.#namespace = namespace;
    this.#listener = listener;
    client.on('error', listener.lost);
    client.on('end', () => listener.lost());
  }

  async open(): Promise<void> {
    await this.#client.connect();
  }

  async listen(topic: Topic): Promise<void> {
    await this.#client.subscribe(this.#channelOf(topic), (payload) => this.#listener.received(topic, payload));
  }

  async send(notices: readonly Notice[]): Promise<void> {
    await Promise.all(notices.map(({ topic, payload }) => this.#client.publish(this.#channelOf(topic), payload)));
  }

  async ping(): Promise<void> {
    await this.#client.ping();
  }

  async end(): Promise<void> {
    // It throws when it is not open any more.
    if (this.#client.isOpen) this.#client.destroy();
  }

  #channelOf(topic: Topic): string {
    return `${this.#namespace}:${topic}`;
  }
}
