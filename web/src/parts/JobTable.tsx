import { Link } from '@tanstack/react-router';
import type { JobRowFragment } from '../graphql/graphql.ts';
import { count, words } from './format.ts';
import { JobStatusTone } from './JobStatusTone.tsx';
import classes from './parts.module.css';
import { percent, ProgressBar } from './ProgressBar.tsx';
import { Time } from './Time.tsx';
import { Scroll } from './Scroll.tsx';

/** Jobs, newest first, with progress that moves by itself. */
export function JobTable({ jobs }: { jobs: readonly JobRowFragment[] }) {
  return (
    <Scroll label="Table of jobs">
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">Status</th>
            <th scope="col" style={{ width: '30%' }}>
              Progress
            </th>
            <th scope="col" data-number>
              Failed
            </th>
            <th scope="col">Created</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <Row key={job.id} job={job} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Row({ job }: { job: JobRowFragment }) {
  const value = percent(job);
  return (
    <tr>
      <td>
        <Link to="/jobs/$id" params={{ id: job.id }} style={{ fontWeight: 550 }}>
          {words(job.type)}
        </Link>
        {job.dryRun && <span className={classes['aside']}> dry run</span>}
        {job.createdBy && <div className={classes['aside']}>{job.createdBy}</div>}
      </td>
      <td>
        <JobStatusTone status={job.status} />
      </td>
      <td>
        <ProgressBar counts={job} label={`Progress of the ${words(job.type).toLowerCase()} job`} />
        <div className={classes['aside']}>
          {value === null ? count(job.processed) : `${value} % · ${count(job.processed)} of ${count(job.totalTargets)}`}
          {job.waitingFor && ` · ${job.waitingFor}`}
        </div>
      </td>
      <td data-number>{count(job.failedCount)}</td>
      <td>
        <Time at={job.createdAt} />
      </td>
    </tr>
  );
}
