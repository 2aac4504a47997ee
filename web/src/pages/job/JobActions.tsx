import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useViewer } from '../../api/useViewer.ts';
import { plural } from '../../parts/format.ts';
import { isFinished } from '../../parts/JobStatusTone.tsx';
import { CancelJob } from './CancelJob.tsx';
import classes from './Job.module.css';
import type { LiveJob } from './newest.ts';
import type { useRetry } from './useRetry.ts';
import type { useSteering } from './useSteering.ts';

type Props = { job: LiveJob; steering: ReturnType<typeof useSteering>; retrying: ReturnType<typeof useRetry> };

/** True where the failed targets of a job can be tried again by themselves; the lines of a file cannot. */
export function canRetry({ status, type, failedCount }: LiveJob): boolean {
  return isFinished(status) && failedCount > 0 && type !== 'IMPORT';
}

/** What can be done with a job in its present state, by those who may. */
export function JobActions({ job, steering, retrying: { retry, retrying } }: Props) {
  const { may } = useViewer();
  const [asking, setAsking] = useState(false);
  const actions = useKeptFocus(`${job.status} ${asking}`);
  if (!may('OPERATOR')) return null;
  const { status } = job;
  const isSteered = status === 'RUNNING' || status === 'PAUSED';
  return (
    <div {...actions} className={classes['actions']}>
      {isSteered && (
        // One button for both, so that the focus stays on it.
        <Button
          variant={status === 'PAUSED' ? 'filled' : 'default'}
          aria-busy={steering.busy}
          onClick={() => {
            if (!steering.busy) void (status === 'PAUSED' ? steering.resume() : steering.pause());
          }}
        >
          {status === 'PAUSED' ? 'Resume' : 'Pause'}
        </Button>
      )}
      {(isSteered || status === 'PENDING') && (
        <Button variant="default" onClick={() => setAsking(true)}>
          Cancel
        </Button>
      )}
      {canRetry(job) && (
        <Button loading={retrying} onClick={() => void retry(job.failedCount)}>
          Retry {plural(job.failedCount, 'failed target')}
        </Button>
      )}
      <CancelJob job={job} opened={asking && !isFinished(status)} close={() => setAsking(false)} steering={steering} />
    </div>
  );
}

/**
 * Where the button with the focus goes because the job has gone on, the focus stays beside its place.
 * @param state another one may have taken the button away; a dialog that has closed gives the focus back first
 */
function useKeptFocus(state: string) {
  const place = useRef<HTMLDivElement>(null);
  const within = useRef(false);
  useEffect(() => {
    if (within.current && document.activeElement === document.body) place.current?.focus();
  }, [state]);
  return {
    ref: place,
    role: 'group',
    'aria-label': 'Actions on this job',
    tabIndex: -1,
    onFocus: () => {
      within.current = true;
    },
    onBlur: ({ relatedTarget }: { relatedTarget: EventTarget | null }) => {
      if (relatedTarget) within.current = false;
    },
  } as const;
}
