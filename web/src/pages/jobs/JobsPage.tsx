import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { JobsDocument } from '../../graphql/graphql.ts';
import { FilterBar, Select } from '../../parts/Choices.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { plural } from '../../parts/format.ts';
import { isFinished } from '../../parts/JobStatusTone.tsx';
import { JobTable } from '../../parts/JobTable.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { NoWorker } from '../../parts/NoWorker.tsx';
import { Page, Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { jobStatuses, jobTypes } from './search.ts';
import { StartDraftJob } from './StartDraftJob.tsx';

const route = getRouteApi('/jobs');
const pageSize = 25;

/** Every job, newest first; its filters and its place live in the address. */
export function JobsPage() {
  const { status, type, after, before, start } = route.useSearch();
  const navigate = route.useNavigate();
  const [{ data, error, fetching }, again] = useQuery({
    query: JobsDocument,
    variables: { ...pageArguments({ after, before }, pageSize), filter: { status, type } },
  });
  const jobs = data?.jobs;
  const waiting = jobs?.nodes.some((job) => !isFinished(job.status)) ?? false;
  useRefresh(waiting, 5_000, () => again({ requestPolicy: 'network-only' }));
  const setStart = (open: boolean) => void navigate({ search: (old) => ({ ...old, start: open ? 'draft' : undefined }) });

  return (
    <Page title="Jobs" actions={<Button onClick={() => setStart(true)}>Start a draft job</Button>}>
      <NoWorker workers={data?.workers} waiting={waiting} />
      <Panel title="All jobs" aside={jobs && jobs.totalCount !== null && plural(jobs.totalCount, 'job')}>
        <FilterBar>
          <Select name="Status" values={jobStatuses} chosen={status} choose={(chosen) => void navigate({ search: { type, status: chosen } })} />
          <Select name="Type" values={jobTypes} chosen={type} choose={(chosen) => void navigate({ search: { status, type: chosen } })} />
        </FilterBar>
        {error && <Failure title="The list of jobs could not be read" error={error} retry={() => again({ requestPolicy: 'network-only' })} />}
        {!data && fetching && <Loading what="jobs" />}
        {jobs?.nodes.length === 0 && <Empty title={status || type ? 'No job matches these filters' : 'No job has run yet'} />}
        {jobs && jobs.nodes.length > 0 && <JobTable jobs={jobs.nodes} />}
        {jobs && <Paging what="jobs" page={jobs.pageInfo} place={{ after, before }} go={(place) => void navigate({ search: { status, type, ...place } })} />}
      </Panel>
      <StartDraftJob opened={start === 'draft'} close={() => setStart(false)} />
    </Page>
  );
}
