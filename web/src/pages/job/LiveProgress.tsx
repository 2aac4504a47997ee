import { about, count, duration, machineTime } from '../../parts/format.ts';
import { isFinished } from '../../parts/JobStatusTone.tsx';
import { percent, ProgressBar } from '../../parts/ProgressBar.tsx';
import classes from './LiveProgress.module.css';
import type { LiveJob } from './newest.ts';

/** The bar, the share, and the numbers under it. */
export function LiveProgress({ job }: { job: LiveJob }) {
  const value = percent(job);
  const done = job.processed - job.failedCount - job.skippedCount;
  return (
    <>
      <div className={classes['head']}>
        <span className={classes['percent']}>{value === null ? count(job.processed) : `${value} %`}</span>
        <span className={classes['pace']}>{pace(job)}</span>
      </div>
      <ProgressBar counts={job} label="Progress of this job" large />
      <dl className={classes['numbers']}>
        <Figure name="Processed" text={`${count(job.processed)} of ${count(job.totalTargets)}`} />
        <Figure name="Done" text={count(done)} tone="good" />
        <Figure name="Failed" text={count(job.failedCount)} tone="bad" />
        <Figure name="Skipped" text={count(job.skippedCount)} tone="quiet" />
        {(job.type === 'DRAFT' || job.type === 'FOLLOW_UP') && <Figure name="Drafts written" text={count(job.draftsCreated)} />}
      </dl>
    </>
  );
}

function Figure({ name, text, tone }: { name: string; text: string; tone?: 'good' | 'bad' | 'quiet' }) {
  return (
    <div>
      <dt data-tone={tone}>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}

function pace(job: LiveJob): string {
  if (isFinished(job.status)) {
    if (!job.startedAt || !job.finishedAt) return '';
    const ms = new Date(job.finishedAt).getTime() - new Date(job.startedAt).getTime();
    return `took ${ms < 60_000 ? machineTime(ms) : duration(ms)}`;
  }
  if (job.status !== 'RUNNING') return '';
  const rate = job.ratePerSecond ? `${about(job.ratePerSecond)} a second` : '';
  const left = job.etaSeconds === null ? '' : `about ${duration(job.etaSeconds * 1000)} left`;
  return [rate, left].filter(Boolean).join(' · ');
}
