import type { Events } from '../events/events.ts';
import type { Queue } from '../queue/queue.ts';
import type { ServiceContext } from './context.ts';

/** What services that start, steer or roll up a job need besides. */
export interface JobContext extends ServiceContext {
  queue: Queue;
  events: Events;
}
