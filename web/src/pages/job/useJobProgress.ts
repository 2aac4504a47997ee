import { useRef } from 'react';
import { useSubscription } from 'urql';
import { JobProgressDocument, type JobRowFragment } from '../../graphql/graphql.ts';
import { type LiveJob, newest } from './newest.ts';

/** Follows a job: what is known of it, kept current by its own subscription. Null until it was read. */
export function useJobProgress(job: JobRowFragment | null | undefined, id: string): LiveJob | null {
  const [{ data }] = useSubscription({ query: JobProgressDocument, variables: { id } });
  const shown = useRef<LiveJob | null>(null);
  if (shown.current?.id !== id) shown.current = null;
  if (job) {
    const progress = data?.jobProgress.job.id === id ? data.jobProgress : null;
    shown.current = newest(shown.current, job, progress);
  }
  return shown.current;
}
