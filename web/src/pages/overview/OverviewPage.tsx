import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { OverviewDocument, VerdictDocument } from '../../graphql/graphql.ts';
import { Empty } from '../../parts/Empty.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { count, plural } from '../../parts/format.ts';
import { JobTable } from '../../parts/JobTable.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { NoWorker } from '../../parts/NoWorker.tsx';
import { Page, Panel } from '../../parts/Page.tsx';
import { Time } from '../../parts/Time.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { verdictTone } from '../../parts/verdict.ts';
import { Funnel } from './Funnel.tsx';

/** Where the pipeline stands, what runs, and whether the schema lets it. */
export function OverviewPage() {
  const [{ data, error }, again] = useQuery({ query: OverviewDocument });
  const { pipelineStatus: pipeline, workers } = data ?? {};
  const active = data?.active?.nodes ?? [];
  const shown = active.length > 0 ? active : (data?.jobs?.nodes ?? []);
  const retry = () => again({ requestPolicy: 'network-only' });
  useRefresh(true, active.length > 0 ? 3_000 : 15_000, retry);

  return (
    <Page
      title="Overview"
      actions={
        <Button renderRoot={(props) => <Link to="/jobs" search={{ start: 'draft' }} {...props} />}>Start a draft job</Button>
      }
    >
      <Verdict />
      <NoWorker workers={workers} waiting={active.length > 0} />
      {error && <Failure title={data ? 'A part of the overview could not be read' : 'The overview could not be read'} error={error} retry={retry} />}
      <Panel title="Pipeline" aside={pipeline && <>{plural(pipeline.total, 'prospect')} · counted <Time at={pipeline.countedAt} /></>}>
        {pipeline ? <Funnel stages={pipeline.stages} total={pipeline.total} /> : !error && <Loading what="the pipeline" rows={7} />}
      </Panel>
      <Panel
        title={active.length > 0 ? 'Active jobs' : 'Latest jobs'}
        aside={<>{workers && `${plural(workers.length, 'worker')} running · `}<Link to="/jobs">All jobs</Link></>}
      >
        {!data && !error && <Loading what="the jobs" />}
        {data?.jobs && shown.length === 0 && <Empty title="No job has run yet" />}
        {shown.length > 0 && <JobTable jobs={shown} />}
        {active.length >= 100 && <p>These are the latest {count(active.length)}.</p>}
      </Panel>
    </Page>
  );
}

function Verdict() {
  const [{ data, error }] = useQuery({ query: VerdictDocument });
  if (error && !data) return <Failure title="The schema verdict could not be read" error={error} />;
  if (!data) return null;
  const { status, summary, checkedAt } = data.schemaHealth;
  return (
    <Notice tone={verdictTone[status]} title={summary}>
      <p>
        Checked <Time at={checkedAt} />. <Link to="/schema">Schema health</Link>
      </p>
    </Notice>
  );
}
