import { Gauge, type Registry } from 'prom-client';
import { setTimeout as delay } from 'node:timers/promises';
import type { Workload } from '../services/readWorkload.ts';

/** A database that takes longer is not waited for: the other figures matter all the more (ms). */
const patienceMs = 2_000;
/** However many ask for them, the figures are read this often at most (ms). */
const freshMs = 5_000;

/** Reads what one table tells. */
export type ReadWorkload = <Table extends keyof Workload>(table: Table) => Promise<Workload[Table]>;

/** What Prometheus sees of jobs, workers and messages. What a table does not tell is absent, and its `outrider_work_read` 0. */
export function addWorkMetrics(registry: Registry, read: ReadWorkload): void {
  const latest: Latest = {
    workers: remembered(() => read('workers')),
    jobs: remembered(() => read('jobs')),
    email_messages: remembered(() => read('email_messages')),
    social_messages: remembered(() => read('social_messages')),
  };
  const gauge = <Figure>(name: string, help: string, labelNames: string[], figure: () => Promise<Figure>, set: (gauge: Gauge, figure: Figure) => void) =>
    new Gauge({
      name, help, labelNames,
      registers: [registry],
      async collect() {
        const now = await figure();
        this.reset();
        if (labelNames.length === 0) this.remove();
        set(this, now);
      },
    });

  gauge('outrider_workers', 'Workers that are alive.', [], latest.workers, (workers, alive) => {
    if (alive !== null) workers.set(alive);
  });
  gauge('outrider_jobs', 'Jobs that have not ended.', ['type', 'status'], latest.jobs, (live, jobs) => jobs?.live.forEach(({ type, status, count }) => live.set({ type, status }, count)));
  gauge('outrider_job_waiting_seconds', 'How long the oldest job has waited that nobody has begun.', [], latest.jobs, (waiting, jobs) => {
    if (jobs !== null) waiting.set(jobs.waitingSeconds);
  });
  gauge('outrider_jobs_ended', 'Jobs that ended within the last hour.', ['status'], latest.jobs, (ended, jobs) => jobs?.ended.forEach(({ status, count }) => ended.set({ status }, count)));
  const unresolved = () => Promise.all([latest.email_messages(), latest.social_messages()]);
  gauge('outrider_messages_unresolved', 'Messages of which nobody knows whether they arrived.', ['channel'], unresolved, (messages, [email, social]) => {
    if (email !== null) messages.set({ channel: 'email' }, email);
    if (social !== null) messages.set({ channel: 'social' }, social);
  });
  const readable = () => Promise.all(Object.entries(latest).map(async ([table, figure]) => ({ table, isRead: (await figure()) !== null })));
  gauge('outrider_work_read', '1 while what the table tells of jobs, workers and messages can be read.', ['table'], readable, (read, tables) =>
    tables.forEach(({ table, isRead }) => read.set({ table }, isRead ? 1 : 0)));
}

type Latest = { [Table in keyof Workload]: () => Promise<Workload[Table] | null> };

function remembered<Figure>(read: () => Promise<Figure>): () => Promise<Figure | null> {
  let last: Promise<Figure | null> | null = null;
  let at = -Infinity;
  let isReading = false;
  return () => {
    // A read that a lock holds up keeps its connection until its time-out; another one would take one more.
    if (!last || (!isReading && performance.now() - at > freshMs)) {
      at = performance.now();
      isReading = true;
      const reading = read().catch(() => null).finally(() => (isReading = false));
      last = Promise.race([reading, delay(patienceMs, null, { ref: false })]);
    }
    return last;
  };
}
