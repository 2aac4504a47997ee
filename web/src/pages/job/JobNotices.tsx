import type { JobDetailFragment, WorkerRowFragment } from '../../graphql/graphql.ts';
import { isFinished } from '../../parts/JobStatusTone.tsx';
import { NotAllowed } from '../../parts/NotAllowed.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { NoWorker } from '../../parts/NoWorker.tsx';
import { canRetry } from './JobActions.tsx';
import type { LiveJob } from './newest.ts';

type Props = { job: JobDetailFragment; live: LiveJob; workers: readonly WorkerRowFragment[] | null };

/** Why a job stands where it stands. */
export function JobNotices({ job, live, workers }: Props) {
  const { status, type, waitingFor } = live;
  // Whoever reads the file works on an import; a worker works on everything else.
  const needsWorker = type !== 'IMPORT' && status !== 'PAUSED' && !isFinished(status);
  const lacksWorker = needsWorker && workers?.length === 0;
  return (
    <>
      <NoWorker workers={workers} waiting={needsWorker} />
      {status === 'PAUSED' && (
        <Notice tone="warn" title="Paused">
          <p>Nothing new is begun until it is resumed; what was in hand is finished.</p>
        </Notice>
      )}
      {status === 'CANCELLING' && (
        <Notice tone="warn" title="Being cancelled">
          <p>Nothing new is begun; what is in hand is finished first.</p>
        </Notice>
      )}
      {waitingFor && status !== 'PAUSED' && !isFinished(status) && !lacksWorker && (
        <Notice tone="warn" title="Waiting">
          <p>{waitingFor}</p>
        </Notice>
      )}
      {job.error && (
        <Notice tone="bad" title="The job gave up">
          <p>{job.error}</p>
        </Notice>
      )}
      {(!isFinished(status) || canRetry(live)) && <NotAllowed role="OPERATOR" what={isFinished(status) ? 'retry jobs' : 'pause or cancel jobs'} />}
    </>
  );
}
