import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { JobDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { words } from '../../parts/format.ts';
import { isFinished, JobStatusTone } from '../../parts/JobStatusTone.tsx';
import { Page, Panel } from '../../parts/Page.tsx';
import { Tone } from '../../parts/Tone.tsx';
import { UserErrors } from '../../parts/UserErrors.tsx';
import { useRefreshUntil } from '../../parts/useRefresh.ts';
import { EndSaid } from './EndSaid.tsx';
import classes from './Job.module.css';
import { JobActions } from './JobActions.tsx';
import { JobFacts } from './JobFacts.tsx';
import { JobFailures } from './JobFailures.tsx';
import { JobNotices } from './JobNotices.tsx';
import { LiveProgress } from './LiveProgress.tsx';
import { Throughput } from './Throughput.tsx';
import { useJobProgress } from './useJobProgress.ts';
import { useRetry } from './useRetry.ts';
import { useSteering } from './useSteering.ts';
import { Written } from './Written.tsx';

const route = getRouteApi('/jobs/$id');

/** One job: its progress as it happens, how fast it was, what went wrong, and what it wrote. */
export function JobPage() {
  const { id } = route.useParams();
  return <WatchedJob key={id} id={id} />;
}

function WatchedJob({ id }: { id: string }) {
  const answer = useAnswer(JobDocument, { id }, ({ job, workers }) => job && { job, workers });
  const live = useJobProgress(answer.value?.job, id);
  const steering = useSteering(id);
  const retrying = useRetry(id);
  const finished = live !== null && isFinished(live.status);
  // Outcomes, failures and the last times are no part of the progress: the end of the job asks for them.
  useRefreshUntil(finished, 5_000, answer.again);

  if (!live) {
    return (
      <Page title="Job">
        <Answered of={answer} what="the job">
          {() => null}
        </Answered>
        {!answer.fetching && !answer.error && (
          <Empty title="There is no such job">
            <Link to="/jobs">All jobs</Link>
          </Empty>
        )}
      </Page>
    );
  }

  return (
    <Page
      title={`${words(live.type)} job`}
      badge={
        <>
          <JobStatusTone status={live.status} />
          {live.dryRun && <Tone tone="quiet">Dry run</Tone>}
        </>
      }
      actions={<JobActions job={live} steering={steering} retrying={retrying} />}
    >
      <EndSaid job={live} />
      {[steering.outcome, retrying.outcome].map(({ refusals, failure }, place) => (
        <div key={place} hidden={refusals.length === 0 && !failure}>
          <UserErrors errors={refusals} title={place === 0 ? 'The job was not changed' : 'Nothing was started'} />
          {failure && <Failure title={place === 0 ? 'The job was not changed' : 'Nothing was started'} error={failure} />}
        </div>
      ))}
      <Answered of={answer} what="the job">
        {({ job, workers }) => (
          <>
            <JobNotices job={job} live={live} workers={workers} />
            <div className={classes['columns']}>
              <div className={classes['stack']}>
                <Panel title="Progress">
                  <LiveProgress job={live} />
                </Panel>
                {live.startedAt && !live.dryRun && <Throughput job={live} settled={finished} />}
              </div>
              <div className={classes['stack']}>
                <JobFacts job={job} live={live} />
              </div>
            </div>
            {live.failedCount > 0 && <JobFailures job={live} reasons={job.failureReasons ?? []} settled={finished} retrying={retrying} />}
            <Written job={live} settled={finished} />
          </>
        )}
      </Answered>
    </Page>
  );
}
