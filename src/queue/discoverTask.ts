import { z } from 'zod';
import { defineTask } from './task.ts';

/** Search for a job. The message only wakes a worker: what is left to do stands in the job's chunks. */
export const discoverTask = defineTask({
  name: 'discover',
  payload: z.object({ jobId: z.guid() }),
  retry: { limit: 10, delay: 1, delayMax: 60 },
});
