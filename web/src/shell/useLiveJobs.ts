import { useEffect } from 'react';
import { useClient } from 'urql';
import { refetch } from '../api/activeQueries.ts';
import { keepSubscribed } from '../api/keepSubscribed.ts';
import { JobsChangedDocument } from '../graphql/graphql.ts';

const jobLists = ['Jobs', 'OverviewJobs'];
const gatherMs = 250;

/**
 * Keeps every job on the page current: numbers flow into the cache as they come; a job that is new or has changed
 * its status also asks the lists again, because it may belong in another place now.
 */
export function useLiveJobs(): void {
  const client = useClient();
  useEffect(() => {
    const statuses = new Map<string, string>();
    let timer: ReturnType<typeof setTimeout>;
    const stop = keepSubscribed(client, JobsChangedDocument, ({ jobsChanged: job }) => {
      if (statuses.get(job.id) === job.status) return;
      statuses.set(job.id, job.status);
      clearTimeout(timer);
      timer = setTimeout(() => refetch(client, jobLists), gatherMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client]);
}
