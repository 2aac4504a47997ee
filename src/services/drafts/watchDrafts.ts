import type { EntityManager } from '@mikro-orm/postgresql';
import { sql, type Kysely } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { Conflation } from '../../events/conflation.ts';
import type { Entry, Events } from '../../events/events.ts';
import { messageTables } from '../messages/messageTables.ts';
import { Ticker } from '../ticker.ts';
import { findDrafts } from './findDrafts.ts';

export interface WatchDraftsOptions {
  /** a fork for each call */
  em(): EntityManager;
  events: Events;
  log: { warn(details: object, message: string): void };
  /** the backstop for notices that were lost, and for what is written by hand (milliseconds) */
  pollMs?: number;
}

/** Drafts that subscribers of this process look at. */
export interface DraftWatch {
  /**
   * The id of the draft at once, and again whenever it was written since, at most 10 times a second, ending when it is
   * deleted; null where there is no such draft.
   */
  changes(draftId: string): Promise<Conflation<string> | null>;
  close(): void;
}

/** One SELECT a tick and channel for all drafts that someone of this process watches, however many watch them. */
export function watchDrafts(options: WatchDraftsOptions): DraftWatch {
  return new Watch(options);
}

interface Watched {
  channel: Channel;
  subscribers: Set<Subscriber>;
  /** how often the present state was asked for */
  asked: number;
}

interface Subscriber {
  stream: Conflation<string>;
  /** `updated_at` of the last state that it was told of; it grows with every write */
  stamp: string | null;
}

class Watch implements DraftWatch {
  readonly #em: () => EntityManager;
  readonly #watched = new Map<string, Watched>();
  readonly #unsubscribe: () => void;
  readonly #ticker: Ticker;

  constructor({ em, events, log, pollMs = 1_500 }: WatchDraftsOptions) {
    this.#em = em;
    this.#ticker = new Ticker({
      read: (noticed) => this.#read(noticed ?? [...this.#watched.keys()]),
      isNeeded: () => this.#watched.size > 0,
      subject: 'drafts that are watched',
      log,
      pollMs,
    });
    this.#unsubscribe = events.subscribe('drafts', (entries) => this.#noticed(entries));
  }

  async changes(draftId: string): Promise<Conflation<string> | null> {
    const [found] = await findDrafts(this.#db(), [draftId]);
    if (!found) return null;
    // Registered before its state is read: a change in between is in what is read, or noticed.
    const watched = this.#watched.get(draftId) ?? { channel: found.channel, subscribers: new Set(), asked: 0 };
    this.#watched.set(draftId, watched);
    const stream = new Conflation<string>({ onEnd: () => this.#leave(draftId, watched, subscriber), ask: () => this.#ask(draftId, watched) });
    const subscriber: Subscriber = { stream, stamp: null };
    watched.subscribers.add(subscriber);
    try {
      await this.#read([draftId]);
    } catch (error) {
      stream.end();
      throw error;
    }
    this.#ticker.schedule();
    return stream;
  }

  close(): void {
    this.#ticker.close();
    this.#unsubscribe();
    this.#watched.forEach(({ subscribers }) => subscribers.forEach(({ stream }) => stream.end()));
  }

  #db(): Kysely<any> {
    return this.#em().getKysely();
  }

  #ask(draftId: string, watched: Watched): number {
    watched.asked += 1;
    this.#ticker.notice(draftId);
    this.#ticker.schedule();
    return watched.asked;
  }

  #leave(draftId: string, watched: Watched, subscriber: Subscriber): void {
    watched.subscribers.delete(subscriber);
    if (watched.subscribers.size === 0 && this.#watched.get(draftId) === watched) {
      this.#watched.delete(draftId);
    }
  }

  #noticed(entries: readonly Entry[] | null): void {
    if (entries === null) this.#ticker.noticeAll();
    for (const [id] of entries ?? []) {
      if (this.#watched.has(id)) this.#ticker.notice(id);
    }
    this.#ticker.schedule();
  }

  async #read(ids: readonly string[]): Promise<void> {
    const reads = Object.values(Channel).map((channel) => this.#readChannel(channel, ids.filter((id) => this.#watched.get(id)?.channel === channel)));
    // A channel whose table is broken does not keep the other one from its news.
    const failed = (await Promise.allSettled(reads)).find((read) => read.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #readChannel(channel: Channel, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // Whoever asks from here on is answered by the next read: this one may not see what they have just done.
    const asked = new Map(ids.map((id) => [id, this.#watched.get(id)?.asked ?? 0]));
    try {
      const { rows } = await sql<{ id: string; stamp: string }>`
        select id, updated_at::text as stamp from ${sql.table(messageTables[channel].drafts)} where id = any(${ids}::uuid[])`.execute(this.#db());
      const stamps = new Map(rows.map(({ id, stamp }) => [id, stamp]));
      asked.forEach((answers, id) => this.#watched.get(id)?.subscribers.forEach((subscriber) => tell(id, subscriber, stamps.get(id), answers)));
    } catch (error) {
      asked.forEach((upTo, id) => this.#watched.get(id)?.subscribers.forEach(({ stream }) => stream.refuse(upTo)));
      throw error;
    }
  }
}

/** Reads may overtake one another; the next one puts it right, and what is shown is read afresh each time. */
function tell(id: string, subscriber: Subscriber, stamp: string | undefined, answers: number): void {
  if (stamp === undefined) {
    subscriber.stream.end();
  } else {
    subscriber.stream.put(id, id, { isNews: stamp !== subscriber.stamp, answers });
    subscriber.stamp = stamp;
  }
}
