import type { JobStatus } from '../graphql/graphql.ts';
import { words } from './format.ts';
import { Tone, type ToneName } from './Tone.tsx';

const tones: Record<JobStatus, ToneName> = {
  PENDING: 'quiet',
  RUNNING: 'good',
  PAUSED: 'warn',
  CANCELLING: 'warn',
  CANCELLED: 'quiet',
  SUCCEEDED: 'good',
  COMPLETED_WITH_ERRORS: 'warn',
  FAILED: 'bad',
};

const finished: readonly JobStatus[] = ['CANCELLED', 'SUCCEEDED', 'COMPLETED_WITH_ERRORS', 'FAILED'];

/** True when nothing more will happen to a job in this status. */
export function isFinished(status: JobStatus): boolean {
  return finished.includes(status);
}

export function JobStatusTone({ status }: { status: JobStatus }) {
  return (
    <Tone tone={tones[status]} moving={status === 'RUNNING' || status === 'CANCELLING'}>
      {words(status)}
    </Tone>
  );
}
