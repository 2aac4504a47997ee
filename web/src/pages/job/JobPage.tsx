import { getRouteApi, Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { JobDocument } from '../../graphql/graphql.ts';
import { Empty } from '../../parts/Empty.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { words } from '../../parts/format.ts';
import { isFinished, JobStatusTone } from '../../parts/JobStatusTone.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { NoWorker } from '../../parts/NoWorker.tsx';
import { Page, Panel } from '../../parts/Page.tsx';
import { useRefreshUntil } from '../../parts/useRefresh.ts';
import { JobActions } from './JobActions.tsx';
import { JobDrafts } from './JobDrafts.tsx';
import { JobFacts } from './JobFacts.tsx';
import { JobFailures } from './JobFailures.tsx';
import { LiveProgress } from './LiveProgress.tsx';
import { useJobProgress } from './useJobProgress.ts';

const route = getRouteApi('/jobs/$id');

/** One job: its progress as it happens, what went wrong, and what it wrote. */
export function JobPage() {
  const { id } = route.useParams();
  const [{ data, error, fetching }, again] = useQuery({ query: JobDocument, variables: { id } });
  const job = data?.job;
  const live = useJobProgress(job, id);
  const finished = live ? isFinished(live.status) : false;
  const waiting = live !== null && (live.status === 'PENDING' || live.status === 'RUNNING');

  const refresh = () => again({ requestPolicy: 'network-only' });
  // Outcomes, failures and the last times are no part of the progress: the end of the job asks for them.
  useRefreshUntil(finished, 5_000, refresh);

  if (!live || !job) {
    return (
      <Page title="Job">
        {error && <Failure title="The job could not be read" error={error} retry={refresh} />}
        {!error && fetching && <Loading what="the job" />}
        {!error && !fetching && <Empty title="There is no such job"><Link to="/jobs">All jobs</Link></Empty>}
      </Page>
    );
  }

  return (
    <Page title={`${words(live.type)} job`} badge={<JobStatusTone status={live.status} />} actions={<JobActions job={live} />}>
      <NoWorker workers={data.workers} waiting={waiting} />
      {live.waitingFor && data.workers && data.workers.length > 0 && <Notice tone="warn" title={`Waiting: ${live.waitingFor}`} />}
      {job.error && <Notice tone="bad" title={job.error} />}
      {error && <Failure title="A part of the job could not be read" error={error} retry={refresh} />}
      <Panel title="Progress">
        <LiveProgress job={live} />
      </Panel>
      <JobFacts job={job} live={live} />
      {live.failedCount > 0 && <JobFailures id={id} settled={finished} />}
      {live.draftsCreated > 0 && <JobDrafts id={id} settled={finished} />}
    </Page>
  );
}
