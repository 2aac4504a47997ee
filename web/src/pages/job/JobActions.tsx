import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { IdempotencyKeys } from '../../api/idempotencyKeys.ts';
import { CancelJobDocument, type JobAnswerFragment, PauseJobDocument, ResumeJobDocument, RetryJobDocument } from '../../graphql/graphql.ts';
import { Failure } from '../../parts/Failure.tsx';
import { plural } from '../../parts/format.ts';
import { isFinished } from '../../parts/JobStatusTone.tsx';
import { UserErrors } from '../../parts/UserErrors.tsx';
import type { LiveJob } from './newest.ts';

/** What can be done with a job in its present state, and why it could not be done. */
export function JobActions({ job }: { job: LiveJob }) {
  const navigate = useNavigate();
  const keys = useRef(new IdempotencyKeys());
  const [pausing, pause] = useMutation(PauseJobDocument);
  const [resuming, resume] = useMutation(ResumeJobDocument);
  const [cancelling, cancel] = useMutation(CancelJobDocument);
  const [retrying, retry] = useMutation(RetryJobDocument);
  const [refusals, setRefusals] = useState<readonly { message: string }[]>([]);
  const [failure, setFailure] = useState<CombinedError | undefined>();

  function show(answer: JobAnswerFragment | undefined, error: CombinedError | undefined) {
    setRefusals(answer?.userErrors ?? []);
    setFailure(error);
  }

  async function retryFailed() {
    const { data, error } = await retry({ id: job.id, idempotencyKey: keys.current.for(job.id) });
    show(data?.retryJob, error);
    const started = data?.retryJob.job;
    if (started && data.retryJob.userErrors.length === 0) await navigate({ to: '/jobs/$id', params: { id: started.id } });
  }

  const { id, status } = job;
  return (
    <>
      {status === 'RUNNING' && (
        <Button variant="default" loading={pausing.fetching} onClick={() => void pause({ id }).then(({ data, error }) => show(data?.pauseJob, error))}>
          Pause
        </Button>
      )}
      {status === 'PAUSED' && (
        <Button loading={resuming.fetching} onClick={() => void resume({ id }).then(({ data, error }) => show(data?.resumeJob, error))}>
          Resume
        </Button>
      )}
      {(status === 'PENDING' || status === 'RUNNING' || status === 'PAUSED') && (
        <Button
          variant="default"
          loading={cancelling.fetching}
          onClick={() => void cancel({ id }).then(({ data, error }) => show(data?.cancelJob, error))}
        >
          Cancel
        </Button>
      )}
      {isFinished(status) && job.failedCount > 0 && (
        <Button loading={retrying.fetching} onClick={() => void retryFailed()}>
          Retry {plural(job.failedCount, 'failed target')}
        </Button>
      )}
      <UserErrors errors={refusals} />
      {failure && <Failure title="The job was not changed" error={failure} />}
    </>
  );
}
