import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { JobDetailFragment } from '../../graphql/graphql.ts';
import { about, count, duration, machineTime, words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import classes from '../../parts/parts.module.css';
import { Time } from '../../parts/Time.tsx';
import type { LiveJob } from './newest.ts';

/** When, by whom, which attempt, how long, and what became of its targets. */
export function JobFacts({ job, live }: { job: JobDetailFragment; live: LiveJob }) {
  const startedAt = job.startedAt ?? live.startedAt;
  const finishedAt = job.finishedAt ?? live.finishedAt;
  return (
    <Panel title="About this job">
      <dl className={classes['facts']}>
        <Fact name="Started by">{live.createdBy && <bdi>{live.createdBy}</bdi>}</Fact>
        <Fact name="Created">
          <Time at={live.createdAt} exact />
        </Fact>
        <Fact name="Started">{startedAt && <Time at={startedAt} exact />}</Fact>
        <Fact name="Finished">{finishedAt && <Time at={finishedAt} exact />}</Fact>
        <Fact name="Took">{startedAt && finishedAt && lasted(Date.parse(finishedAt) - Date.parse(startedAt))}</Fact>
        <Fact name="Attempt">
          {count(job.attempt)}
          {job.retryOf && (
            <>
              , a retry of{' '}
              <Link to="/jobs/$id" params={{ id: job.retryOf.id }}>
                an earlier job
              </Link>
            </>
          )}
        </Fact>
        <Fact name="Outcomes">{job.outcomes.map(({ outcome, count: size }) => `${count(size)} ${words(outcome).toLowerCase()}`).join(' · ')}</Fact>
        <Fact name="Model cost">{job.cost > 0 && about(job.cost)}</Fact>
        <Fact name="Dry run">{job.dryRun && 'Nothing was written.'}</Fact>
      </dl>
    </Panel>
  );
}

/** Left out where there is nothing to say. */
function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function lasted(ms: number): string {
  return ms < 60_000 ? machineTime(ms) : duration(ms);
}
