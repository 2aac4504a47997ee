import { getRouteApi } from '@tanstack/react-router';
import { useViewer } from '../../api/useViewer.ts';
import { useCommands } from '../../keys/useCommands.ts';
import { Answered } from '../../parts/Answered.tsx';
import { plural } from '../../parts/format.ts';
import { JobTable } from '../../parts/JobTable.tsx';
import { NotAllowed } from '../../parts/NotAllowed.tsx';
import { NoWorker } from '../../parts/NoWorker.tsx';
import { Page, Panel } from '../../parts/Page.tsx';
import { Paging } from '../../parts/Paging.tsx';
import { useRowKeys } from '../../parts/useRowKeys.ts';
import { Discover } from './Discover.tsx';
import classes from './Jobs.module.css';
import { JobFilters } from './JobFilters.tsx';
import { NoJobs } from './NoJobs.tsx';
import type { JobsSearch } from './search.ts';
import { StartActions } from './StartActions.tsx';
import { StartDraftJob } from './StartDraftJob.tsx';
import { StatusTabs } from './StatusTabs.tsx';
import { useJobs } from './useJobs.ts';

const route = getRouteApi('/jobs');

/** Every job with its live numbers; filters, order and place live in the address. */
export function JobsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isAllowed = useViewer().may('OPERATOR');
  const { answer, waiting } = useJobs(search);
  const jobs = answer.value?.jobs;
  const rows = useRowKeys({
    ids: jobs?.nodes.map(({ id }) => id) ?? [],
    choose: (id) => void navigate({ to: '/jobs/$id', params: { id } }),
  });
  useCommands('Jobs', rows.commands);
  const change = (to: Partial<JobsSearch>) => void navigate({ search: { ...search, after: undefined, before: undefined, ...to } });
  const close = () => void navigate({ search: (old) => ({ ...old, start: undefined }), resetScroll: false });
  const filtered = Boolean(search.status ?? search.type ?? search.from ?? search.to);

  return (
    <Page title="Jobs" actions={<StartActions start={(start) => void navigate({ search: { ...search, start }, resetScroll: false })} />}>
      <NotAllowed role="OPERATOR" what="start jobs" />
      <NoWorker workers={answer.value?.workers} waiting={waiting} />
      <Panel title="All jobs" aside={jobs && jobs.totalCount !== null && plural(jobs.totalCount, 'job')}>
        <div className={classes['filters']}>
          <StatusTabs search={search} counts={answer.value} />
          <JobFilters search={search} change={change} />
        </div>
        <Answered of={answer} what="the list of jobs" rows={8}>
          {({ jobs: { nodes, pageInfo } }) => (
            <>
              <div {...rows.props}>{nodes.length === 0 ? <NoJobs filtered={filtered} /> : <JobTable jobs={nodes} />}</div>
              <Paging what="jobs" page={pageInfo} place={search} go={(place) => change(place)} />
            </>
          )}
        </Answered>
      </Panel>
      <StartDraftJob opened={isAllowed && search.start === 'draft'} close={close} />
      <Discover opened={isAllowed && search.start === 'discover'} close={close} />
    </Page>
  );
}
