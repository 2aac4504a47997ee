import { useRef } from 'react';
import { count } from '../../parts/format.ts';
import { isFinished } from '../../parts/JobStatusTone.tsx';
import { VisuallyHidden } from '../../parts/VisuallyHidden.tsx';
import type { LiveJob } from './newest.ts';

/** Tells assistive technology once that a job has ended, to those who were there before it did. */
export function EndSaid({ job }: { job: LiveJob }) {
  const watched = useRef(false);
  const said = useRef('');
  if (!isFinished(job.status)) {
    watched.current = true;
    said.current = '';
  } else if (watched.current && said.current === '') {
    const done = job.processed - job.failedCount - job.skippedCount;
    said.current = `The job has ended: ${count(done)} done, ${count(job.failedCount)} not, ${count(job.skippedCount)} left out.`;
  }
  return (
    <VisuallyHidden>
      <span role="status">{said.current}</span>
    </VisuallyHidden>
  );
}
