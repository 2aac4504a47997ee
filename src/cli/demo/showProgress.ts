import { SingleBar } from 'cli-progress';
import type { JobSnapshot } from '../../services/watchJobs.ts';

/** Draws a job's progress until it ends; its last state, or null when the job is gone. */
export async function showProgress(progress: AsyncIterable<JobSnapshot> | null, verb: string): Promise<JobSnapshot | null> {
  if (progress === null) return null;
  const bar = new SingleBar({ format: `${verb} {bar} {percentage} % | {value} of {total} | {failed} failed`, noTTYOutput: true, notTTYSchedule: 1_000 });
  let latest: JobSnapshot | null = null;
  for await (const snapshot of progress) {
    latest = snapshot;
    if (!bar.isActive) bar.start(latest.totalTargets ?? 0, 0, { failed: 0 });
    bar.update(latest.processed, { failed: latest.failedCount });
  }
  bar.stop();
  return latest;
}
