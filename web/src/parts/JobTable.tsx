import { Link } from '@tanstack/react-router';
import { useStore } from '../api/store.ts';
import { memo } from 'react';
import type { JobRowFragment } from '../graphql/graphql.ts';
import { timeZone } from './clock.ts';
import { absolute, count, words } from './format.ts';
import { isFinished, JobStatusTone } from './JobStatusTone.tsx';
import own from './JobTable.module.css';
import classes from './parts.module.css';
import { percent, ProgressBar } from './ProgressBar.tsx';
import { Table } from './Table.tsx';
import { Time } from './Time.tsx';
import { Tone } from './Tone.tsx';

/** Jobs with progress that moves by itself; useRowKeys finds its rows. */
export function JobTable({ jobs }: { jobs: readonly JobRowFragment[] }) {
  return (
    <Table of="jobs" label="Jobs" columns={['Job', 'Status', { head: 'Progress', className: own['progress'] }, { head: 'Failed', isNumber: true }, 'Started by', 'Created']}>
      {jobs.map((job) => (
        <Row key={job.id} job={job} />
      ))}
    </Table>
  );
}

/** Renders again only when its job has changed: the cache keeps the objects of the others. */
const Row = memo(function Row({ job }: { job: JobRowFragment }) {
  const zone = useStore(timeZone);
  const value = percent(job);
  // Many jobs have the same type: the name says which one.
  const name = `${words(job.type)} job of ${absolute(Date.parse(job.createdAt), zone)}`;
  return (
    <tr data-row-of={job.id}>
      <td>
        <Link to="/jobs/$id" params={{ id: job.id }} className={own['name']} aria-label={name} data-row={job.id}>
          {words(job.type)}
        </Link>{' '}
        {job.dryRun && <Tone tone="quiet">Dry run</Tone>}
      </td>
      <td>
        <JobStatusTone status={job.status} />
      </td>
      <td>
        <ProgressBar counts={job} label={`Progress of the ${name}`} />
        <div className={classes['aside']}>
          <span className={own['share']}>{value === null ? count(job.processed) : `${value} % · ${count(job.processed)} of ${count(job.totalTargets)}`}</span>
          {job.waitingFor && !isFinished(job.status) && <div>{job.waitingFor}</div>}
        </div>
      </td>
      <td data-number>{count(job.failedCount)}</td>
      <td>
        <div className={own['by']} title={job.createdBy ?? undefined}>
          {job.createdBy ? <bdi>{job.createdBy}</bdi> : '–'}
        </div>
      </td>
      <td>
        <Time at={job.createdAt} />
      </td>
    </tr>
  );
});
