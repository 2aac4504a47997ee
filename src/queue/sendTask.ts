import { z } from 'zod';
import { defineTask } from './task.ts';

/** Send the messages of a job. The message only wakes a worker: what is left to do stands in the job's messages. */
export const sendTask = defineTask({
  name: 'send',
  payload: z.object({ jobId: z.guid() }),
  retry: { limit: 10, delay: 1, delayMax: 60 },
});
