import { setTimeout as delay } from 'node:timers/promises';
import type { Broker, Connection } from './broker.ts';
import type { Entry, EventsStatus, Listener, MonitoredEvents, Topic } from './events.ts';
import { Outbox } from './outbox.ts';

export interface BrokerEventsOptions {
  broker: Broker;
  log: { info(details: object, message: string): void; warn(details: object, message: string): void };
  /** A notice costs its broker something (NOTIFY a global lock at commit), so that they are gathered this long (milliseconds). */
  coalesceMs?: number;
  /** How often a connection that says nothing is asked whether it lives (milliseconds). */
  heartbeatMs?: number;
}

/** What this process hears of itself while nobody carries it: a key that is revoked here opens nothing here any more. All else is found by polling. */
const urgent: ReadonlySet<Topic> = new Set(['keys']);
const retryDelays = [100, 250, 500, 1_000, 2_000, 5_000];
/** A broker that takes longer to answer is taken for dead (milliseconds). */
const answerMs = 3_000;
/** The same while connecting. */
const openMs = 5_000;

/** Events over one connection per process, which is opened again for as long as it takes. */
export class BrokerEvents implements MonitoredEvents {
  readonly #options: Required<BrokerEventsOptions>;
  readonly #listeners = new Map<Topic, Set<Listener>>();
  readonly #outbox = new Outbox();
  readonly #closing = new AbortController();
  #connection: Connection | null = null;
  /** what the connection listens to */
  #listening = new Set<Topic>();
  #connecting: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #failures = 0;
  /** failures since a connection has proved itself by a heartbeat */
  #failuresInARow = 0;
  /** what was logged of them */
  readonly #told = new Set<string>();

  constructor(options: BrokerEventsOptions) {
    this.#options = { coalesceMs: 150, heartbeatMs: 5_000, ...options };
  }

  get status(): EventsStatus {
    return { broker: this.#options.broker.kind, connected: this.#connection !== null, failures: this.#failures };
  }

  publish(topic: Topic, entries: readonly Entry[]): void {
    this.#outbox.add(topic, entries);
    // Not before the publisher goes on, as if it came from outside.
    if (!this.#connection && urgent.has(topic)) queueMicrotask(() => this.#tell(topic, entries));
    this.#scheduleFlush();
  }

  subscribe(topic: Topic, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set<Listener>();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
    const connection = this.#connection;
    if (connection) {
      this.#listen(connection).catch((error) => this.#lost(connection, error));
    } else {
      void this.#connect();
    }
    return () => void listeners.delete(listener);
  }

  async close(): Promise<void> {
    // A command that tells one thing and ends may have no connection yet; one that cannot be had is not waited for.
    if (!this.#outbox.isEmpty && (this.#connection || this.#failuresInARow === 0)) {
      await Promise.race([this.#flush(), delay(this.#connection ? 1_000 : openMs, null, { ref: false })]);
    }
    this.#closing.abort();
    clearTimeout(this.#timer ?? undefined);
    clearTimeout(this.#heartbeat ?? undefined);
    await this.#connecting?.catch(() => {});
    const connection = this.#connection;
    this.#connection = null;
    if (connection) await ended(connection);
  }

  #scheduleFlush(): void {
    if (!this.#closing.signal.aborted) {
      this.#timer ??= setTimeout(() => void this.#flush(), this.#options.coalesceMs);
    }
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    if (!this.#connection) {
      await this.#connect();
    }
    const connection = this.#connection;
    if (!connection || this.#outbox.isEmpty) {
      return;
    }
    const notices = this.#outbox.take();
    try {
      await answered(connection.send(notices), answerMs);
    } catch (error) {
      // They may have arrived or not: the next connection sends them again.
      for (const { topic, entries } of notices) {
        if (urgent.has(topic)) this.#tell(topic, entries);
        if (entries) {
          this.#outbox.add(topic, entries);
        } else {
          this.#outbox.addEverything(topic);
        }
      }
      this.#lost(connection, error);
      this.#scheduleFlush();
    }
  }

  #connect(): Promise<void> {
    this.#connecting ??= this.#connectUntilItWorks().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #connectUntilItWorks(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      if (this.#failuresInARow > 0) {
        const wait = retryDelays[Math.min(this.#failuresInARow, retryDelays.length) - 1]!;
        await delay(wait * (0.5 + Math.random() / 2), null, { signal }).catch(() => {});
      }
      if (signal.aborted || (await this.#tryToConnect())) {
        return;
      }
    }
  }

  async #tryToConnect(): Promise<boolean> {
    let connection: Connection | null = null;
    // What ends while it is opened, ends the opening.
    const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
    broken.catch(() => {});
    try {
      connection = await this.#options.broker.connect({
        received: (topic, payload) => this.#received(topic, payload),
        lost: (error) => {
          breakOff(error ?? new Error('the connection was closed'));
          if (connection) this.#lost(connection, error);
        },
      });
      this.#listening = new Set();
      await answered(Promise.race([connection.open().then(() => this.#listen(connection!)), broken]), openMs);
    } catch (error) {
      this.#failed(error);
      void connection?.end();
      return false;
    }
    if (this.#closing.signal.aborted) {
      await ended(connection);
      return true;
    }
    this.#connection = connection;
    this.#scheduleHeartbeat(connection);
    // Topics that came while connecting, and what was told while nobody listened.
    this.#listen(connection).catch((error) => this.#lost(connection, error));
    this.#tellEveryone();
    this.#scheduleFlush();
    return true;
  }

  async #listen(connection: Connection): Promise<void> {
    for (const topic of this.#listeners.keys()) {
      if (!this.#listening.has(topic)) {
        this.#listening.add(topic);
        await answered(connection.listen(topic), answerMs);
      }
    }
  }

  /** The connection is of no use any more, so that nothing that still fails on it is news. */
  #lost(connection: Connection, error: unknown): void {
    if (this.#connection !== connection) {
      return;
    }
    this.#connection = null;
    clearTimeout(this.#heartbeat ?? undefined);
    void connection.end();
    if (!this.#closing.signal.aborted) {
      this.#failed(error ?? new Error('the connection was closed'));
      void this.#connect();
    }
  }

  /** One line for each reason of an outage, without what libraries add to their errors: it may name the URL, and so the password. */
  #failed(error: unknown): void {
    this.#failures += 1;
    this.#failuresInARow += 1;
    const { broker, log } = this.#options;
    const { message, code } = error as { message?: string; code?: string };
    const reason = message || code || String(error);
    if (this.#told.has(reason) || this.#closing.signal.aborted) {
      return;
    }
    this.#told.add(reason);
    log.warn(
      { broker: broker.kind, reason },
      broker.isRefusal(error)
        ? `events: ${broker.name} refuses us: correct the user, the password and their permissions in ${broker.variable}; progress is found by polling until then`
        : `events: ${broker.name} does not answer: trying again until it does; progress is found by polling meanwhile`,
    );
  }

  /** A connection may die without a word (a firewall, a suspended host); only a question finds out. */
  #scheduleHeartbeat(connection: Connection): void {
    this.#heartbeat = setTimeout(async () => {
      try {
        await answered(connection.ping(), answerMs);
      } catch (error) {
        this.#lost(connection, error);
      }
      if (this.#connection !== connection) {
        return;
      }
      if (this.#failuresInARow > 0) {
        this.#failuresInARow = 0;
        this.#told.clear();
        this.#options.log.info({ broker: this.#options.broker.kind }, `events: ${this.#options.broker.name} answers again`);
      }
      this.#scheduleHeartbeat(connection);
    }, this.#options.heartbeatMs);
    this.#heartbeat.unref();
  }

  #received(topic: Topic, payload: string): void {
    this.#tell(topic, parseEntries(payload));
  }

  #tell(topic: Topic, entries: readonly Entry[] | null): void {
    this.#listeners.get(topic)?.forEach((listener) => listener(entries));
  }

  #tellEveryone(): void {
    for (const listeners of this.#listeners.values()) {
      listeners.forEach((listener) => listener(null));
    }
  }
}

/** A broker that has fallen silent is not waited for. */
async function ended(connection: Connection): Promise<void> {
  await Promise.race([connection.end(), delay(1_000, null, { ref: false })]);
}

/** @throws when it does not settle within `ms` */
async function answered<T>(promise: Promise<T>, ms: number): Promise<T> {
  const late = new AbortController();
  const silence = delay(ms, null, { signal: late.signal, ref: false }).then(() => {
    throw new Error(`no answer for ${ms / 1_000} s`);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    silence.catch(() => {});
    late.abort();
  }
}

/** Anyone may write to our channels: what we did not write counts as "something was missed". */
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
