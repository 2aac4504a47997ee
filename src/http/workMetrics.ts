import { Gauge, type Registry } from 'prom-client';
import { setTimeout as delay } from 'node:timers/promises';
import type { Workload } from '../services/readWorkload.ts';

/** A database that takes longer is not waited for: the other figures matter all the more (ms). */
const patienceMs = 2_000;
/** However many ask for them, the figures are read this often at most (ms). */
const freshMs = 5_000;

/** What Prometheus sees of jobs, workers and messages. Absent, and `outrider_work_read` 0, while the database does not say. */
export function addWorkMetrics(registry: Registry, read: () => Promise<Workload>): void {
  const latest = remembered(read);
  const gauge = (name: string, help: string, labelNames: string[], set: (gauge: Gauge, work: Workload) => void) =>
    new Gauge({
      name, help, labelNames,
      registers: [registry],
      async collect() {
        const work = await latest();
        this.reset();
        if (work) set(this, work);
        else if (labelNames.length === 0) this.remove();
      },
    });

  gauge('outrider_workers', 'Workers that are alive.', [], (workers, work) => workers.set(work.workers));
  gauge('outrider_jobs', 'Jobs that have not ended.', ['type', 'status'], (jobs, work) => work.jobs.forEach(({ type, status, count }) => jobs.set({ type, status }, count)));
  gauge('outrider_job_waiting_seconds', 'How long the oldest job has waited that nobody has begun.', [], (waiting, work) => waiting.set(work.waitingSeconds));
  gauge('outrider_jobs_ended', 'Jobs that ended within the last hour.', ['status'], (ended, work) => work.ended.forEach(({ status, count }) => ended.set({ status }, count)));
  gauge('outrider_messages_unresolved', 'Messages of which nobody knows whether they arrived.', ['channel'], (messages, work) =>
    work.unresolved.forEach(({ channel, count }) => messages.set({ channel }, count)));
  new Gauge({
    name: 'outrider_work_read',
    help: '1 while the figures of jobs, workers and messages can be read.',
    registers: [registry],
    async collect() {
      this.set((await latest()) ? 1 : 0);
    },
  });
}

function remembered(read: () => Promise<Workload>): () => Promise<Workload | null> {
  let last: Promise<Workload | null> | null = null;
  let at = -Infinity;
  return () => {
    if (!last || performance.now() - at > freshMs) {
      at = performance.now();
      last = Promise.race([read(), delay(patienceMs, null, { ref: false })]).catch(() => null);
    }
    return last;
  };
}
