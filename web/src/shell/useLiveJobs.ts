import { useEffect, useRef } from 'react';
import { useClient, useSubscription } from 'urql';
import { refetch } from '../api/activeQueries.ts';
import { JobsChangedDocument } from '../graphql/graphql.ts';

const jobLists = ['Jobs', 'Overview'];
const gatherMs = 250;

/**
 * Keeps every job on the page current: numbers flow into the cache as they come; a job that is new or has changed
 * its status also asks the lists again, because it may belong in another place now.
 */
export function useLiveJobs(): void {
  const client = useClient();
  const [{ data }] = useSubscription({ query: JobsChangedDocument });
  const seen = useRef(new Map<string, string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const job = data?.jobsChanged;

  useEffect(() => {
    if (!job || seen.current.get(job.id) === job.status) return;
    seen.current.set(job.id, job.status);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => refetch(client, jobLists), gatherMs);
  }, [client, job?.id, job?.status]);

  useEffect(() => () => clearTimeout(timer.current), []);
}
