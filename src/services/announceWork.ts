import type { Events } from '../events/events.ts';

/** After the commit: subscribers look at the job again, and workers look for something to do. */
export function announceWork(events: Events, jobId: string, sequence: number): void {
  events.publish('jobs', [[jobId, sequence]]);
  events.publish('work', [[jobId, 0]]);
}
