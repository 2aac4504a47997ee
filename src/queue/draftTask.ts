import { z } from 'zod';
import { defineTask } from './task.ts';

/** Draft the targets of a job. The message only wakes a worker: what is left to do stands in the job's chunks. */
export const draftTask = defineTask({
  name: 'draft',
  payload: z.object({ jobId: z.guid() }),
  retry: { limit: 10, delay: 1, delayMax: 60 },
});
