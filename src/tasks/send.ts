import type { Queue } from '../queue/queue.ts';
import { sendTask } from '../queue/sendTask.ts';
import type { JobRunner } from './jobRunner.ts';

/** A message wakes one worker for a job; the others find the job by their sweep. */
export function handleSends(queue: Queue, runner: JobRunner): void {
  queue.work(sendTask, ({ jobId }) => runner.run(jobId));
}
