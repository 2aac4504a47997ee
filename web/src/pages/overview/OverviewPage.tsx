import { Button } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAnswer } from '../../api/useAnswer.ts';
import { useViewer } from '../../api/useViewer.ts';
import { OverviewJobsDocument, VerdictDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { count, plural } from '../../parts/format.ts';
import { JobTable } from '../../parts/JobTable.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { NoWorker } from '../../parts/NoWorker.tsx';
import { Page, Panel } from '../../parts/Page.tsx';
import { Time } from '../../parts/Time.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { verdictTone } from '../../parts/verdict.ts';
import { PipelinePanel } from './PipelinePanel.tsx';
import { WaitingPanel } from './WaitingPanel.tsx';

const route = getRouteApi('/');

/** Where the pipeline stands, what waits for a person, what runs, and whether the schema lets it. */
export function OverviewPage() {
  const { source } = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useViewer();
  return (
    <Page
      title="Overview"
      actions={
        may('OPERATOR') && <Button renderRoot={(props) => <Link to="/jobs" search={{ start: 'draft' }} {...props} />}>Start a draft job</Button>
      }
    >
      <Verdict />
      <JobsPanel
        above={
          <>
            <WaitingPanel />
            <PipelinePanel source={source} choose={(chosen) => void navigate({ search: { source: chosen }, replace: true })} />
          </>
        }
      />
    </Page>
  );
}

/** The jobs, and before them what stands between them and the notice that nobody works on them. */
function JobsPanel({ above }: { above: ReactNode }) {
  const jobs = useAnswer(OverviewJobsDocument, {}, ({ latest, active, workers }) => latest && active && { latest: latest.nodes, active: active.nodes, workers });
  const active = jobs.value?.active ?? [];
  useRefresh(true, active.length > 0 ? 3_000 : 15_000, jobs.again);
  const workers = jobs.value?.workers;
  return (
    <>
      <NoWorker workers={workers} waiting={active.length > 0} />
      {above}
      <Panel
        title={active.length > 0 ? 'Active jobs' : 'Latest jobs'}
        aside={
          <>
            {workers && <span>{plural(workers.length, 'worker')} running</span>}
            <Link to="/jobs">All jobs</Link>
          </>
        }
      >
        <Answered of={jobs} what="the jobs">
          {({ latest }) => {
            const shown = active.length > 0 ? active : latest;
            return (
              <>
                {shown.length === 0 ? <Empty title="No job has run yet" /> : <JobTable jobs={shown} />}
                {active.length >= 100 && <p>These are the latest {count(active.length)}.</p>}
              </>
            );
          }}
        </Answered>
      </Panel>
    </>
  );
}

function Verdict() {
  const verdict = useAnswer(VerdictDocument, {}, (data) => data.schemaHealth);
  return (
    <Answered of={verdict} what="the schema verdict" rows={1}>
      {({ status, summary, checkedAt }) => (
        <Notice tone={verdictTone[status]} title={summary}>
          <p>
            Checked <Time at={checkedAt} />. <Link to="/schema">Schema health</Link>
          </p>
        </Notice>
      )}
    </Answered>
  );
}
