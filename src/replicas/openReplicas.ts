import { setTimeout as delay } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import type { Events } from '../events/events.ts';
import { Callers } from './Callers.ts';
import { PrimaryLog } from './PrimaryLog.ts';
import { Replica, type ReplicaOptions, type ReplicaState } from './Replica.ts';
import { RoutedReads, type RequestReads } from './RequestReads.ts';

export interface ReplicasOptions {
  /** of the primary */
  orm: MikroORM;
  /** postgresql://… of the primary */
  url: string;
  /** postgresql://… of each replica; none: everything is read from the primary */
  replicaUrls: readonly string[];
  /** what a replica may be behind (ms) */
  maxLagMs: number;
  /** tells the other servers what callers must see */
  events: Events;
  log: ReplicaOptions['log'];
}

/** Reads from replicas, never older than what the caller wrote or was told. */
export interface Replicas {
  /**
   * The reads of one request.
   *
   * @param caller whose writes it must see
   * @param position what the caller was told last, from wherever; undefined when it says nothing
   */
  readsFor(caller: string, position?: number): RequestReads;
  /**
   * After callers wrote, or before they are told of a change: their next reads see all that was written until now. Answers a
   * position to hand to them, for `readsFor` of another server; null when there is nothing to remember.
   *
   * @param callers who they are once the position is known
   */
  passed(callers: Iterable<string>): Promise<number | null>;
  /** The caller's reads see all that it will have written when the answer is called. */
  beginWriting(caller: string): () => void;
  /** how long a position is worth remembering (ms) */
  keepMs: number;
  states(): ReplicaState[];
  /** how many statements of requests ran where */
  counts(): { name: string; statements: number }[];
  close(): Promise<void>;
}

const lookEveryMs = 200;
/** A replica may fall behind for as long after it was judged, until it is judged again. */
const marginMs = 5_000;

export function openReplicas(options: ReplicasOptions): Replicas {
  return new OpenReplicas(options);
}

class OpenReplicas implements Replicas {
  readonly keepMs: number;
  readonly #primary: Kysely<never>;
  readonly #log: PrimaryLog;
  readonly #events: Events;
  readonly #callers: Callers;
  readonly #replicas: readonly Replica[];
  readonly #counts = new Map<string, number>();
  readonly #closing = new AbortController();
  readonly #unsubscribe: () => void = () => {};
  #turn = 0;

  constructor({ orm, url, replicaUrls, maxLagMs, events, log }: ReplicasOptions) {
    this.keepMs = maxLagMs + marginMs;
    this.#callers = new Callers(this.keepMs);
    this.#primary = orm.em.getKysely() as unknown as Kysely<never>;
    this.#log = new PrimaryLog(url, this.keepMs, () => this.#callers.forget());
    this.#events = events;
    this.#replicas = replicaUrls.map((replicaUrl) => new Replica({ orm, url: replicaUrl, primary: this.#log, maxLagMs, log }));
    if (this.#replicas.length === 0) return;
    this.#unsubscribe = events.subscribe('positions', (entries) => {
      // What was missed is past no position later than the present one.
      if (entries === null) void this.#now().then((position) => this.#callers.raiseAll(position));
      else entries.forEach(([caller, position]) => this.#callers.raise(caller, position));
    });
    // Replicas are judged by what is known of the primary.
    void this.#now().then(() => this.#replicas.forEach((replica) => void this.#repeat(() => replica.look())));
    void this.#repeat(() => this.#now());
  }

  readsFor(caller: string, position = 0): RequestReads {
    if (this.#replicas.length === 0) return { db: this.#primary, usePrimary() {} };
    return new RoutedReads({
      primary: this.#primary,
      choose: () => this.#choose(Math.max(position, this.#callers.floorOf(caller))),
      counted: (replica) => {
        const name = replica?.name ?? 'primary';
        this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
      },
    });
  }

  async passed(callers: Iterable<string>): Promise<number | null> {
    if (this.#replicas.length === 0) return null;
    const position = await this.#now();
    const names = [...new Set(callers)];
    names.forEach((caller) => this.#callers.raise(caller, position));
    if (position === Infinity) return null;
    this.#events.publish('positions', names.map((caller) => [caller, position]));
    return position;
  }

  beginWriting(caller: string): () => void {
    const end = this.#callers.beginWriting(caller);
    return () => void this.passed([caller]).finally(end);
  }

  states(): ReplicaState[] {
    return this.#replicas.map(({ state }) => state);
  }

  counts(): { name: string; statements: number }[] {
    const names = this.#replicas.length > 0 ? ['primary', ...this.#replicas.map(({ name }) => name)] : [];
    return names.map((name) => ({ name, statements: this.#counts.get(name) ?? 0 }));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#unsubscribe();
    this.#log.close();
    await Promise.all(this.#replicas.map((replica) => replica.close()));
  }

  /** Infinity when the primary does not say: then only the primary is new enough. */
  #now(): Promise<number> {
    return this.#log.now().catch(() => Infinity);
  }

  /** The one with the fewest reads in hand; in turn among equals. */
  #choose(floor: number): Replica | null {
    const able = this.#replicas.filter((replica) => replica.serves(floor));
    const least = Math.min(...able.map(({ reading }) => reading));
    const idle = able.filter(({ reading }) => reading === least);
    return idle[this.#turn++ % idle.length] ?? null;
  }

  async #repeat(look: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await look();
      await delay(lookEveryMs, null, { signal, ref: false }).catch(() => {});
    }
  }
}
