import type { JobProgressSubscription, JobRowFragment } from '../../graphql/graphql.ts';

export type Progress = JobProgressSubscription['jobProgress'];

/** A job's newest numbers, whichever way they came; rate and time left only while it is watched. */
export type LiveJob = JobRowFragment & Pick<Progress, 'ratePerSecond' | 'etaSeconds'>;

/**
 * Queries, the list's subscription and the job's own overtake each other. The greater sequence is the newer state, so
 * an answer that comes late never turns the bar back.
 */
export function newest(shown: LiveJob | null, job: JobRowFragment, progress: Progress | null): LiveJob {
  let live: LiveJob = { ratePerSecond: null, etaSeconds: null, ...job };
  if (progress && progress.sequence >= live.sequence) {
    const { job: _job, at: _at, ...numbers } = progress;
    live = { ...live, ...numbers };
  }
  return shown && shown.sequence > live.sequence ? shown : live;
}
