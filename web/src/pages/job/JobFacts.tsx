import { Link } from '@tanstack/react-router';
import type { JobDetailFragment } from '../../graphql/graphql.ts';
import { count, words } from '../../parts/format.ts';
import { isFinished } from '../../parts/JobStatusTone.tsx';
import { Panel } from '../../parts/Page.tsx';
import classes from '../../parts/parts.module.css';
import { Time } from '../../parts/Time.tsx';
import { Scroll } from '../../parts/Scroll.tsx';
import type { LiveJob } from './newest.ts';

/** When, by whom, which attempt, and the outcomes once they are counted. */
export function JobFacts({ job, live }: { job: JobDetailFragment; live: LiveJob }) {
  return (
    <Panel title="About this job">
      <dl className={classes['facts']}>
        <dt>Created</dt>
        <dd>
          <Time at={live.createdAt} exact />
          {live.createdBy && ` by ${live.createdBy}`}
        </dd>
        <dt>Started</dt>
        <dd>
          <Time at={job.startedAt ?? live.startedAt} exact />
        </dd>
        <dt>Finished</dt>
        <dd>
          <Time at={job.finishedAt ?? live.finishedAt} exact />
        </dd>
        {job.retryOf && (
          <>
            <dt>Attempt</dt>
            <dd>
              {count(job.attempt)}, a retry of{' '}
              <Link to="/jobs/$id" params={{ id: job.retryOf.id }}>
                an earlier job
              </Link>
            </dd>
          </>
        )}
        {isFinished(live.status) && job.outcomes.length > 0 && (
          <>
            <dt>Outcomes</dt>
            <dd>{job.outcomes.map(({ outcome, count: size }) => `${count(size)} ${words(outcome).toLowerCase()}`).join(' · ')}</dd>
          </>
        )}
        {job.dryRun && (
          <>
            <dt>Dry run</dt>
            <dd>Nothing was written.</dd>
          </>
        )}
      </dl>
      {job.failureReasons && job.failureReasons.length > 0 && (
        <Scroll label="Why targets failed">
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col" data-number>
                  Targets
                </th>
                <th scope="col">Why they failed</th>
                <th scope="col">One example</th>
              </tr>
            </thead>
            <tbody>
              {job.failureReasons.map((reason) => (
                <tr key={reason.code}>
                  <td data-number>{count(reason.count)}</td>
                  <td className={classes['mono']}>{reason.code}</td>
                  <td>{reason.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}
