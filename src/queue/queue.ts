import type { Transaction } from 'kysely';
import { Pool, type PoolConfig } from 'pg';
import { fromKysely, PgBoss } from 'pg-boss';
import { acquireBy } from '../database/acquireBy.ts';
import { DatabaseClient } from '../database/databaseClient.ts';
import { sessionParameters } from '../database/sessionParameters.ts';
import { throughPoolers } from '../database/throughPoolers.ts';
import type { Task } from './task.ts';

export interface QueueOptions {
  /** postgresql://… */
  url: string;
  log: { warn(details: object, message: string): void };
  /** A worker also expires, retries and deletes messages; a server only enqueues. */
  supervise?: boolean;
}

export interface Queue {
  /** Part of the caller's transaction: there is no message when it rolls back. Throws on a payload that does not fit. */
  enqueue<Payload>(transaction: Transaction<any>, task: Task<Payload>, payload: Payload): Promise<void>;
  /** Hands messages to `handle` until `close`; keeps trying while the database is down. A rejection means: again later. */
  work<Payload>(task: Task<Payload>, handle: (payload: Payload) => Promise<void>): void;
  /** Takes no more messages and gives those in hand back. */
  close(): Promise<void>;
}

/** pg-boss in the schema that our migrations made, on a small pool of its own. Connects at its first use. */
export function createQueue(options: QueueOptions): Queue {
  return new PgBossQueue(options);
}

class PgBossQueue implements Queue {
  readonly #options: QueueOptions;
  readonly #pool: Pool;
  #boss: Promise<PgBoss> | null = null;
  #closed = false;
  #complainedAt = 0;
  readonly #known = new Set<string>();

  constructor(options: QueueOptions) {
    this.#options = options;
    // Not MikroORM's pool: its type parsers would turn pg-boss's timestamps into strings.
    this.#pool = new Pool({
      connectionString: options.url,
      max: 2,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 10_000,
      application_name: 'outrider queue',
      Client: DatabaseClient,
      sessionParameters: sessionParameters(0),
    } as PoolConfig);
    acquireBy(this.#pool, throughPoolers);
    // An idle connection that was lost: the pool opens another, and whoever needs it then hears of it.
    this.#pool.on('error', () => {});
  }

  async enqueue<Payload>(transaction: Transaction<any>, task: Task<Payload>, payload: Payload): Promise<void> {
    const data = task.payload.parse(payload) as object;
    const boss = await this.#start();
    await this.#know(boss, task);
    await boss.send(task.name, data, { db: fromKysely(transaction) });
  }

  work<Payload>(task: Task<Payload>, handle: (payload: Payload) => Promise<void>): void {
    const begin = async (wait: number): Promise<void> => {
      try {
        const boss = await this.#start();
        await this.#know(boss, task);
        await boss.work<object>(task.name, { pollingIntervalSeconds: 1, localConcurrency: 4 }, async ([message]) => {
          if (message) {
            await handle(task.payload.parse(message.data));
          }
        });
      } catch (error) {
        if (!this.#closed) {
          this.#options.log.warn({ err: error, task: task.name }, 'the queue does not answer; trying again');
          setTimeout(() => void begin(Math.min(wait * 2, 10_000)), wait).unref();
        }
      }
    };
    void begin(500);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // What fails on the way out has nobody left to hear of it.
    const boss = await this.#boss?.catch(() => null);
    await boss?.stop({ graceful: false }).catch(() => {});
    await this.#pool.end().catch(() => {});
  }

  #start(): Promise<PgBoss> {
    if (this.#closed) {
      return Promise.reject(new Error('the queue is closed'));
    }
    this.#boss ??= this.#open().catch((error) => {
      this.#boss = null;
      throw error;
    });
    return this.#boss;
  }

  async #open(): Promise<PgBoss> {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => this.#pool.query(text, values as unknown[]) },
      schema: 'pgboss',
      migrate: false,
      schedule: false,
      supervise: this.#options.supervise ?? false,
      persistQueueStats: false,
      // It would rebuild indexes by itself; the schema belongs to the migrations.
      reindex: false,
    });
    boss.on('error', (error) => this.#complain(error));
    await boss.start();
    return boss;
  }

  /** While the database is down every poll fails: one line in a while is enough. */
  #complain(error: unknown): void {
    if (!this.#closed && Date.now() - this.#complainedAt > 30_000) {
      this.#complainedAt = Date.now();
      this.#options.log.warn({ err: error }, 'the queue meets errors; it goes on by itself');
    }
  }

  /** Queues are rows; the first process that needs one adds it, the others find it there. */
  async #know(boss: PgBoss, task: Task<unknown>): Promise<void> {
    if (!this.#known.has(task.name)) {
      const { limit, delay, delayMax } = task.retry;
      await boss.createQueue(task.name, {
        retryLimit: limit,
        retryDelay: delay,
        retryBackoff: true,
        retryDelayMax: delayMax,
        expireInSeconds: 3_600,
      });
      this.#known.add(task.name);
    }
  }
}
