import { Client } from 'pg';
import type { Broker, Connection, ConnectionListener, Notice } from './broker.ts';
import { topics, type Topic } from './events.ts';

const channelOf = (topic: Topic) => `outrider_${topic}`;

/** LISTEN and NOTIFY in the database itself. `url`: postgresql://…; not through a pooler in transaction mode. */
export function postgresBroker(url: string, variable: Broker['variable'] = 'DATABASE_URL'): Broker {
  return {
    kind: 'postgresql',
    name: 'the database',
    variable,
    connect: async (listener) => new PostgresConnection(url, listener),
    isRefusal: (error) => ['28P01', '28000'].includes((error as { code?: string }).code ?? ''),
  };
}

class PostgresConnection implements Connection {
  readonly #client: Client;

  constructor(url: string, { received, lost }: ConnectionListener) {
    this.#client = new Client({ connectionString: url, application_name: 'outrider events', connectionTimeoutMillis: 5_000, keepAlive: true });
    this.#client.on('error', lost);
    this.#client.on('end', () => lost());
    this.#client.on('notification', ({ channel, payload }) => {
      const topic = topics.find((each) => channelOf(each) === channel);
      if (topic) received(topic, payload ?? '[]');
    });
  }

  async open(): Promise<void> {
    await this.#client.connect();
  }

  async listen(topic: Topic): Promise<void> {
    await this.#client.query(`listen ${channelOf(topic)}`);
  }

  async send(notices: readonly Notice[]): Promise<void> {
    await this.#client.query('select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as n (channel, payload)', [
      notices.map(({ topic }) => channelOf(topic)),
      notices.map(({ payload }) => payload),
    ]);
  }

  async ping(): Promise<void> {
    await this.#client.query('select 1');
  }

  async end(): Promise<void> {
    await this.#client.end().catch(() => {});
  }
}
