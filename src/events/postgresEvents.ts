import { Client } from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import type { Entry, Events, Listener, Topic } from './events.ts';
import { Outbox } from './outbox.ts';

export interface PostgresEventsOptions {
  /** postgresql://…; not through a pooler in transaction mode */
  url: string;
  log: { warn(details: object, message: string): void };
  /** NOTIFY takes a global lock at commit, so that notices are gathered this long (milliseconds). */
  coalesceMs?: number;
  /** How often a connection that says nothing is asked whether it lives (milliseconds). */
  heartbeatMs?: number;
}

const channelOf = (topic: Topic) => `outrider_${topic}`;
const retryDelays = [100, 250, 500, 1_000, 2_000, 5_000];

/** Events over LISTEN / NOTIFY, on one connection per process which is opened again for as long as it takes. */
export function createPostgresEvents(options: PostgresEventsOptions): Events {
  return new PostgresEvents(options);
}

class PostgresEvents implements Events {
  readonly #options: Required<PostgresEventsOptions>;
  readonly #listeners = new Map<Topic, Set<Listener>>();
  readonly #outbox = new Outbox();
  readonly #closing = new AbortController();
  #client: Client | null = null;
  #connecting: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;

  constructor(options: PostgresEventsOptions) {
    this.#options = { coalesceMs: 150, heartbeatMs: 5_000, ...options };
  }

  publish(topic: Topic, entries: readonly Entry[]): void {
    if (this.#closing.signal.aborted) {
      return;
    }
    this.#outbox.add(topic, entries);
    this.#timer ??= setTimeout(() => void this.#flush(), this.#options.coalesceMs);
  }

  subscribe(topic: Topic, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set<Listener>();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
    if (this.#client) {
      // It fails with its connection, and the next one listens to every topic.
      this.#client.query(`listen ${channelOf(topic)}`).catch(() => {});
    } else {
      void this.#connect();
    }
    return () => void listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#client && !this.#outbox.isEmpty) {
      await Promise.race([this.#flush(), delay(1_000, null, { ref: false })]);
    }
    this.#closing.abort();
    clearTimeout(this.#timer ?? undefined);
    clearTimeout(this.#heartbeat ?? undefined);
    await this.#connecting?.catch(() => {});
    const client = this.#client;
    this.#client = null;
    await Promise.race([client?.end().catch(() => {}), delay(1_000, null, { ref: false })]);
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    if (!this.#client) {
      await this.#connect();
    }
    const client = this.#client;
    if (!client || this.#outbox.isEmpty) {
      return;
    }
    const notices = this.#outbox.take();
    try {
      await client.query('select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as n (channel, payload)', [
        notices.map((notice) => channelOf(notice.topic)),
        notices.map((notice) => notice.payload),
      ]);
    } catch {
      // The connection is lost: they are sent on the next one.
      for (const { topic, entries } of notices) {
        this.publish(topic, entries);
      }
    }
  }

  #connect(): Promise<void> {
    this.#connecting ??= this.#tryToConnect().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #tryToConnect(): Promise<void> {
    const { signal } = this.#closing;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const client = new Client({
        connectionString: this.#options.url,
        application_name: 'outrider events',
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      });
      client.on('error', () => this.#lost(client));
      client.on('end', () => this.#lost(client));
      client.on('notification', ({ channel, payload }) => this.#received(channel, payload ?? '[]'));
      try {
        await client.connect();
        for (const topic of this.#listeners.keys()) {
          await client.query(`listen ${channelOf(topic)}`);
        }
        if (signal.aborted) {
          await client.end();
          return;
        }
        this.#client = client;
        this.#scheduleHeartbeat(client);
        // Topics that came while connecting, and what was told while nobody listened.
        for (const topic of this.#listeners.keys()) {
          await client.query(`listen ${channelOf(topic)}`);
        }
        this.#tellEveryone();
        return;
      } catch (error) {
        client.end().catch(() => {});
        if (attempt === 0) {
          this.#options.log.warn({ err: error }, 'events: the database does not answer; trying again until it does');
        }
        const wait = retryDelays[Math.min(attempt, retryDelays.length - 1)]!;
        await delay(wait * (0.5 + Math.random() / 2), null, { signal }).catch(() => {});
      }
    }
  }

  /** The connection is of no use any more, so that nothing that still fails on it is news. */
  #lost(client: Client): void {
    if (this.#client !== client) {
      return;
    }
    this.#client = null;
    clearTimeout(this.#heartbeat ?? undefined);
    client.end().catch(() => {});
    if (!this.#closing.signal.aborted) {
      void this.#connect().then(() => this.#flush());
    }
  }

  /** A connection may die without a word (a firewall, a suspended host); only a question finds out. */
  #scheduleHeartbeat(client: Client): void {
    this.#heartbeat = setTimeout(async () => {
      const answered = await Promise.race([
        client.query('select 1').then(
          () => true,
          () => false,
        ),
        delay(3_000, false, { ref: false }),
      ]);
      if (this.#client !== client) {
        return;
      }
      if (answered) {
        this.#scheduleHeartbeat(client);
      } else {
        this.#lost(client);
      }
    }, this.#options.heartbeatMs);
    this.#heartbeat.unref();
  }

  #received(channel: string, payload: string): void {
    for (const [topic, listeners] of this.#listeners) {
      if (channelOf(topic) === channel) {
        const entries = parseEntries(payload);
        listeners.forEach((listener) => listener(entries));
      }
    }
  }

  #tellEveryone(): void {
    for (const listeners of this.#listeners.values()) {
      listeners.forEach((listener) => listener(null));
    }
  }
}

/** Anyone may NOTIFY on our channel: what we did not write counts as "something was missed". */
function parseEntries(payload: string): Entry[] | null {
  try {
    const entries: unknown = JSON.parse(payload);
    const isEntry = (entry: unknown): entry is Entry =>
      Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number';
    return Array.isArray(entries) && entries.every(isEntry) ? entries : null;
  } catch {
    return null;
  }
}
