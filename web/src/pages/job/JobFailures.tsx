import { Button } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { useViewer } from '../../api/useViewer.ts';
import { type JobDetailFragment, JobFailuresDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { BarList } from '../../parts/charts/BarList.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import { useRefreshUntil } from '../../parts/useRefresh.ts';
import { FailureTable } from './FailureTable.tsx';
import classes from './Job.module.css';
import { canRetry } from './JobActions.tsx';
import type { LiveJob } from './newest.ts';
import type { useRetry } from './useRetry.ts';

const route = getRouteApi('/jobs/$id');

type Props = { job: LiveJob; reasons: NonNullable<JobDetailFragment['failureReasons']>; settled: boolean; retrying: ReturnType<typeof useRetry> };

/** What went wrong: how often for each reason, and target by target, of all reasons or of the one that was chosen. */
export function JobFailures({ job, reasons, settled, retrying }: Props) {
  const { code, failuresAfter: after, failuresBefore: before } = route.useSearch();
  const navigate = route.useNavigate();
  const answer = useAnswer(JobFailuresDocument, { id: job.id, code, ...pageArguments({ after, before }, 20) }, (data) => data.job?.failures);
  useRefreshUntil(settled, 3_000, answer.again);

  const bars = reasons.map((reason) => {
    const current = reason.code === code;
    return {
      label: reason.code,
      count: reason.count,
      note: reason.message,
      current,
      link: { to: '/jobs/$id', params: { id: job.id }, search: { code: current ? undefined : reason.code } } as const,
    };
  });
  return (
    <Panel title="Failures" aside={plural(job.failedCount, 'target')}>
      {bars.length > 0 && (
        <div className={classes['reasons']}>
          <BarList label="Failures by reason" bars={bars} total={job.failedCount} tone="bad" />
        </div>
      )}
      {code !== undefined && <Chosen code={code} targets={reasons.find((reason) => reason.code === code)?.count} job={job} retrying={retrying} />}
      <Answered of={answer} what="the list of failures" rows={8}>
        {(failures) => (
          <>
            {failures.nodes.length === 0 ? (
              <Empty title={code === undefined ? 'No failure is recorded' : 'No target failed for this reason'}>
                {code !== undefined && <AllReasons id={job.id} />}
              </Empty>
            ) : (
              <FailureTable failures={failures.nodes} isImport={job.type === 'IMPORT'} />
            )}
            <Paging
              what="failures"
              page={failures.pageInfo}
              place={{ after, before }}
              go={(place) => void navigate({ search: (old) => ({ ...old, failuresAfter: place.after, failuresBefore: place.before }), resetScroll: false })}
            />
          </>
        )}
      </Answered>
    </Panel>
  );
}

function Chosen({ code, targets, job, retrying: { retry, retrying } }: { code: string; targets: number | undefined; job: LiveJob; retrying: ReturnType<typeof useRetry> }) {
  const { may } = useViewer();
  return (
    <div className={classes['chosen']}>
      <span>
        Only <strong>{code}</strong> · <AllReasons id={job.id} />
      </span>
      {canRetry(job) && may('OPERATOR') && targets !== undefined && (
        <Button size="xs" variant="default" loading={retrying} onClick={() => void retry(targets, code)}>
          Retry {targets === 1 ? 'this one' : `these ${plural(targets, 'target')}`}
        </Button>
      )}
    </div>
  );
}

function AllReasons({ id }: { id: string }) {
  return (
    <Link to="/jobs/$id" params={{ id }} resetScroll={false}>
      All reasons
    </Link>
  );
}
