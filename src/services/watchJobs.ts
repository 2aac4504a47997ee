import type { EntityManager } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import { terminalJobStatuses } from '../domain/transitions.ts';
import { Conflation } from '../events/conflation.ts';
import type { Entry, Events } from '../events/events.ts';
import { JobPace, type Pace } from './jobPace.ts';
import { readJobs, readLiveJobs, type JobRow } from './jobRow.ts';
import { Ticker } from './ticker.ts';

export type JobSnapshot = JobRow & Pace;

export interface WatchJobsOptions {
  /** a fork for each call */
  em(): EntityManager;
  events: Events;
  log: { warn(details: object, message: string): void };
  /** the backstop for notices that were lost (milliseconds) */
  pollMs?: number;
}

/** What subscribers of this process look at. */
export interface JobWatch {
  /**
   * The present state first, then only newer ones, at most 10 a second, ending after the terminal one; null where
   * there is no such job.
   */
  progress(jobId: string): Promise<AsyncIterableIterator<JobSnapshot, undefined> | null>;
  /** The ids of jobs that change from now on, at most 10 times a second each. */
  changes(): AsyncIterableIterator<string, undefined>;
  close(): void;
}

/** One SELECT a tick for all jobs that someone of this process watches, however many watch them. */
export function watchJobs(options: WatchJobsOptions): JobWatch {
  return new Watch(options);
}

interface Watched {
  subscribers: Set<Subscriber>;
  pace: JobPace;
  /** of the newest state that all subscribers have */
  sequence: number;
}

interface Subscriber {
  stream: Conflation<string, JobSnapshot>;
  /** of the last state that was put into the stream */
  sequence: number;
}

class Watch implements JobWatch {
  readonly #options: Required<WatchJobsOptions>;
  readonly #watched = new Map<string, Watched>();
  readonly #everything = new Set<Conflation<string, string>>();
  readonly #unsubscribe: () => void;
  /** sequences of the live jobs at the last poll, while somebody watches everything */
  #polled: Map<string, number> | null = null;
  /** sequences that were given to those who watch everything */
  readonly #told = new Map<string, number>();
  readonly #ticker: Ticker;

  constructor(options: WatchJobsOptions) {
    this.#options = { pollMs: 1_500, ...options };
    this.#ticker = new Ticker({
      read: (noticed) => (noticed ? this.#read(noticed) : this.#poll()),
      isNeeded: () => this.#watched.size > 0 || this.#everything.size > 0,
      subject: 'the progress of jobs',
      log: options.log,
      pollMs: this.#options.pollMs,
    });
    this.#unsubscribe = options.events.subscribe('jobs', (entries) => this.#noticed(entries));
  }

  async progress(jobId: string): Promise<AsyncIterableIterator<JobSnapshot, undefined> | null> {
    // Registered before it reads: a change in between is either in the snapshot or in a notice.
    const watched = this.#watched.get(jobId) ?? { subscribers: new Set(), pace: new JobPace(), sequence: -1 };
    this.#watched.set(jobId, watched);
    const subscriber: Subscriber = { stream: new Conflation(() => this.#leave(jobId, watched, subscriber)), sequence: -1 };
    watched.subscribers.add(subscriber);
    this.#ticker.schedule();
    try {
      const [job] = await readJobs(this.#db(), [jobId]);
      if (!job) {
        subscriber.stream.end();
        return null;
      }
      // Not `deliver`: that others see it too is up to the next tick, which keeps to their 10 a second.
      this.#tell(subscriber, { ...job, ...watched.pace.observe(job) });
      return subscriber.stream;
    } catch (error) {
      subscriber.stream.end();
      throw error;
    }
  }

  changes(): AsyncIterableIterator<string, undefined> {
    const stream = new Conflation<string, string>(() => {
      this.#everything.delete(stream);
      if (this.#everything.size === 0) {
        this.#polled = null;
        this.#told.clear();
      }
    });
    this.#everything.add(stream);
    this.#ticker.noticeAll();
    this.#ticker.schedule();
    return stream;
  }

  close(): void {
    this.#ticker.close();
    this.#unsubscribe();
    this.#everything.forEach((stream) => stream.end());
    this.#watched.forEach(({ subscribers }) => subscribers.forEach(({ stream }) => stream.end()));
  }

  #db(): Kysely<any> {
    return this.#options.em().getKysely();
  }

  #leave(jobId: string, watched: Watched, subscriber: Subscriber): void {
    watched.subscribers.delete(subscriber);
    if (watched.subscribers.size === 0 && this.#watched.get(jobId) === watched) {
      this.#watched.delete(jobId);
    }
  }

  #noticed(entries: readonly Entry[] | null): void {
    if (entries === null) {
      this.#ticker.noticeAll();
    }
    for (const [id, sequence] of entries ?? []) {
      const watched = this.#watched.get(id);
      if (this.#everything.size > 0 || (watched && sequence > watched.sequence)) {
        this.#ticker.notice(id);
      }
    }
    this.#ticker.schedule();
  }

  async #read(ids: readonly string[]): Promise<void> {
    for (const job of ids.length > 0 ? await readJobs(this.#db(), ids) : []) {
      this.#deliver(job);
      this.#tellEveryone(job);
    }
  }

  async #poll(): Promise<void> {
    if (this.#watched.size > 0) {
      const ids = [...this.#watched.keys()];
      const jobs = await readJobs(this.#db(), ids);
      jobs.forEach((job) => this.#deliver(job));
      const found = new Set(jobs.map(({ jobId }) => jobId));
      ids.filter((id) => !found.has(id)).forEach((id) => this.#watched.get(id)?.subscribers.forEach(({ stream }) => stream.end()));
    }
    if (this.#everything.size > 0) {
      const jobs = await readLiveJobs(this.#db());
      const before = this.#polled;
      this.#polled = new Map(jobs.map(({ jobId, sequence }) => [jobId, sequence]));
      jobs.filter(({ jobId, sequence }) => before && sequence > (before.get(jobId) ?? -1)).forEach((job) => this.#tellEveryone(job));
      [...this.#told.keys()].filter((id) => !this.#polled!.has(id)).forEach((id) => this.#told.delete(id));
    }
  }

  #deliver(job: JobRow): void {
    const watched = this.#watched.get(job.jobId);
    if (watched && job.sequence > watched.sequence) {
      watched.sequence = job.sequence;
      const snapshot = { ...job, ...watched.pace.observe(job) };
      watched.subscribers.forEach((subscriber) => this.#tell(subscriber, snapshot));
    }
  }

  #tell(subscriber: Subscriber, job: JobSnapshot): void {
    if (job.sequence > subscriber.sequence) {
      subscriber.sequence = job.sequence;
      subscriber.stream.put(job.jobId, job);
    }
    if (terminalJobStatuses.includes(job.status)) {
      subscriber.stream.end();
    }
  }

  #tellEveryone(job: JobRow): void {
    if (job.sequence > (this.#told.get(job.jobId) ?? -1)) {
      this.#told.set(job.jobId, job.sequence);
      this.#everything.forEach((stream) => stream.put(job.jobId, job.jobId));
    }
  }
}
