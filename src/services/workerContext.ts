import type { EntityManager } from '@mikro-orm/postgresql';
import type { Outreach } from '../config/outreach.ts';
import type { Events } from '../events/events.ts';
import type { Leases } from './leases.ts';

/** What a worker process works with. */
export interface WorkerContext {
  /** a fork for each call */
  em(): EntityManager;
  events: Events;
  /** how people and services are reached */
  outreach: Outreach;
  log: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
  /** the chunks that this process holds */
  leases: Leases;
  /** at most so many chunks at once in this process, whatever their jobs; first come, first served */
  slots: Slots;
  /** at most so many messages on their way at once: they wait for others, and so take no slot */
  connections: Slots;
  /** chunks of one job at once in this process */
  concurrency: number;
  /** aborted when the process shall stop: nothing more is claimed */
  stopping: AbortSignal;
}

/** A counting semaphore. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) {
      this.#free -= 1;
    } else {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) {
        next();
      } else {
        this.#free += 1;
      }
    }
  }
}
