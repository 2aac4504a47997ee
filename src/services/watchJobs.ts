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
  progress(jobId: string): Promise<Conflation<JobSnapshot> | null>;
  /** The ids of jobs that change from now on, at most 10 times a second each. */
  changes(): Conflation<string>;
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
  /** how often the present state was asked for, and up to which question that was answered */
  asked: number;
  answered: number;
}

interface Subscriber {
  stream: Conflation<JobSnapshot>;
  /** of the last state that was put into the stream */
  sequence: number;
}

class Watch implements JobWatch {
  readonly #options: Required<WatchJobsOptions>;
  readonly #watched = new Map<string, Watched>();
  readonly #everything = new Set<Conflation<string>>();
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

  async progress(jobId: string): Promise<Conflation<JobSnapshot> | null> {
    // Registered before it reads: a change in between is either in the snapshot or in a notice.
    const watched = this.#watched.get(jobId) ?? { subscribers: new Set(), pace: new JobPace(), sequence: -1, asked: 0, answered: 0 };
    this.#watched.set(jobId, watched);
    const stream = new Conflation<JobSnapshot>({ onEnd: () => this.#leave(jobId, watched, subscriber), ask: () => this.#ask(jobId, watched) });
    const subscriber: Subscriber = { stream, sequence: -1 };
    watched.subscribers.add(subscriber);
    this.#ticker.schedule();
    try {
      const [job] = await readJobs(this.#db(), [jobId]);
      if (!job) {
        stream.end();
        return null;
      }
      // Not `deliver`: that others see it too is up to the next tick, which keeps to their 10 a second.
      tell(subscriber, { ...job, ...watched.pace.observe(job) }, 0);
      return stream;
    } catch (error) {
      stream.end();
      throw error;
    }
  }

  changes(): Conflation<string> {
    const stream = new Conflation<string>({
      onEnd: () => {
        this.#everything.delete(stream);
        if (this.#everything.size === 0) {
          this.#polled = null;
          this.#told.clear();
        }
      },
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

  #ask(jobId: string, watched: Watched): number {
    watched.asked += 1;
    this.#ticker.notice(jobId);
    this.#ticker.schedule();
    return watched.asked;
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
    for (const job of ids.length > 0 ? await this.#answer(ids) : []) this.#tellEveryone(job);
  }

  async #poll(): Promise<void> {
    if (this.#watched.size > 0) {
      const ids = [...this.#watched.keys()];
      const found = new Set((await this.#answer(ids)).map(({ jobId }) => jobId));
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

  /** Reads these jobs, whoever watches them, and tells those who do. */
  async #answer(ids: readonly string[]): Promise<JobRow[]> {
    // Whoever asks from here on is answered by the next read: this one may not see what they have just done.
    const asked = new Map(ids.map((id) => [id, this.#watched.get(id)?.asked ?? 0]));
    try {
      const jobs = await readJobs(this.#db(), ids);
      jobs.forEach((job) => this.#deliver(job, asked.get(job.jobId)!));
      return jobs;
    } catch (error) {
      asked.forEach((upTo, id) => this.#watched.get(id)?.subscribers.forEach(({ stream }) => stream.refuse(upTo)));
      throw error;
    }
  }

  #deliver(job: JobRow, answers: number): void {
    const watched = this.#watched.get(job.jobId);
    if (!watched || (job.sequence <= watched.sequence && answers <= watched.answered)) return;
    watched.sequence = Math.max(watched.sequence, job.sequence);
    watched.answered = answers;
    const snapshot = { ...job, ...watched.pace.observe(job) };
    watched.subscribers.forEach((subscriber) => tell(subscriber, snapshot, answers));
  }

  #tellEveryone(job: JobRow): void {
    if (job.sequence > (this.#told.get(job.jobId) ?? -1)) {
      this.#told.set(job.jobId, job.sequence);
      this.#everything.forEach((stream) => stream.put(job.jobId, job.jobId));
    }
  }
}

function tell(subscriber: Subscriber, job: JobSnapshot, answers: number): void {
  const isNews = job.sequence > subscriber.sequence;
  // Reads may overtake one another, and an old state answers nobody.
  if (job.sequence >= subscriber.sequence) subscriber.stream.put(job.jobId, job, { isNews, answers });
  subscriber.sequence = Math.max(subscriber.sequence, job.sequence);
  if (terminalJobStatuses.includes(job.status)) subscriber.stream.end();
}
