import { expect, test } from '@jest/globals';
import { discoverTask } from '../../src/queue/discoverTask.ts';
import { draftTask } from '../../src/queue/draftTask.ts';
import { sendTask } from '../../src/queue/sendTask.ts';

const tasks = [draftTask, discoverTask, sendTask];

test.each(tasks)('the task $name is about any id that PostgreSQL takes for a uuid, of whichever version it is', ({ payload }) => {
  for (const jobId of ['0fa5f03a-2fe5-da42-d187-527e86f47de5', '00000000-0000-0000-0000-000000000001', '019e0c1d-0000-7000-8000-000000000000']) expect(payload.parse({ jobId })).toEqual({ jobId });
});

test.each(tasks)('the task $name is about nothing else', ({ payload }) => {
  for (const jobId of ['', 'nonsense', '0fa5f03a2fe5da42d187527e86f47de5 ', null, 1]) expect(payload.safeParse({ jobId }).success).toBe(false);
});
