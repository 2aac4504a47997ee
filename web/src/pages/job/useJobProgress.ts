import { useRef } from 'react';
import { useSubscription } from 'urql';
import { JobProgressDocument, type JobProgressSubscription, type JobRowFragment } from '../../graphql/graphql.ts';

type Progress = JobProgressSubscription['jobProgress'];

/** A job's newest numbers, whichever way they came; rate and time left only while it is watched. */
export type LiveJob = JobRowFragment & Pick<Progress, 'ratePerSecond' | 'etaSeconds'>;

/**
 * Follows a job. Queries, the list's subscription and this one overtake each other: the greater sequence is the newer
 * state, so an answer that comes late never turns the bar back.
 */
export function useJobProgress(job: JobRowFragment | null | undefined, id: string): LiveJob | null {
  const [{ data }] = useSubscription({ query: JobProgressDocument, variables: { id } });
  const newest = useRef<LiveJob | null>(null);
  if (newest.current && newest.current.id !== id) newest.current = null;
  if (!job) return newest.current;

  const before = newest.current;
  const progress = data?.jobProgress.job.id === id ? data.jobProgress : null;
  let current: LiveJob = { ratePerSecond: null, etaSeconds: null, ...job };
  if (progress && progress.sequence >= current.sequence) {
    const { job: _job, at: _at, ...numbers } = progress;
    current = { ...current, ...numbers };
  }
  if (before && before.sequence > current.sequence) current = before;
  newest.current = current;
  return current;
}
