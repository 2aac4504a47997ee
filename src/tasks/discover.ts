import { discoverTask } from '../queue/discoverTask.ts';
import type { Queue } from '../queue/queue.ts';
import type { JobRunner } from './jobRunner.ts';

/** A message wakes one worker for a job; the others find the job by their sweep. */
export function handleDiscoveries(queue: Queue, runner: JobRunner): void {
  queue.work(discoverTask, ({ jobId }) => runner.run(jobId));
}
