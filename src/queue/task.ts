import type { z } from 'zod';

/** A kind of work: its name in the queue, what a message must look like, and how often it is tried again. */
export interface Task<Payload> {
  readonly name: string;
  /** Applied when a message is enqueued and again when it is handled. */
  readonly payload: z.ZodType<Payload>;
  readonly retry: {
    /** further attempts after the first one */
    limit: number;
    /** seconds before the first of them; doubles with each */
    delay: number;
    /** seconds at most between two of them */
    delayMax: number;
  };
}

export function defineTask<Payload>(task: Task<Payload>): Task<Payload> {
  return task;
}
