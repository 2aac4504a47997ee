import type { Site } from './Site.ts';

export interface Watched {
  id: string;
  status: string;
  sequence: number;
  processed: number;
}

const ended = ['succeeded', 'completed_with_errors', 'failed', 'cancelled'];

/** What servers acknowledged, and how jobs were seen to move; at the end all of it must be there. */
export class Ledger {
  /** the tag of an import that was acknowledged and succeeded → how many prospects bear it */
  readonly imported = new Map<string, number>();
  /** addresses of prospects that were acknowledged one by one */
  readonly created: string[] = [];
  /** key of idempotency → the jobs that answered to it */
  readonly started = new Map<string, Set<string>>();
  readonly complaints: string[] = [];
  counts = { campaigns: 0, conflicts: 0, jobsWatched: 0, subscribers: 0, events: 0 };
  readonly #seen = new Map<string, Watched>();

  start(key: string, jobId: string): void {
    const jobs = this.started.get(key) ?? new Set();
    jobs.add(jobId);
    this.started.set(key, jobs);
  }

  /** Compares with what was seen of the same job before. */
  watch(job: Watched): void {
    const before = this.#seen.get(job.id);
    this.#seen.set(job.id, job);
    this.counts.jobsWatched = this.#seen.size;
    if (!before) return;
    const tell = (what: string) => this.complaints.push(`job ${job.id}: ${what} (${JSON.stringify(before)}, then ${JSON.stringify(job)})`);
    if (job.sequence < before.sequence) tell('its sequence fell');
    if (job.processed < before.processed) tell('what it has processed fell');
    if (job.sequence === before.sequence && (job.status !== before.status || job.processed !== before.processed)) tell('it changed without a new sequence');
    if (ended.includes(before.status) && job.status !== before.status) tell('it ended twice');
  }

  /** Looks at jobs until it is told to stop. */
  watchAll(site: Site): () => Promise<void> {
    let stopped = false;
    const loop = async () => {
      while (!stopped) {
        const jobs = await site.query<Watched>('select id, status, sequence, processed from jobs order by created_at desc limit 40').catch(() => []);
        jobs.forEach((job) => this.watch(job));
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    };
    const done = loop();
    return async () => {
      stopped = true;
      await done;
    };
  }
}
