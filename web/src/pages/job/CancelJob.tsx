import { Button } from '@mantine/core';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { FormActions } from '../../parts/Field.tsx';
import { count, plural } from '../../parts/format.ts';
import { UserErrors } from '../../parts/UserErrors.tsx';
import type { LiveJob } from './newest.ts';
import type { useSteering } from './useSteering.ts';

type Props = { job: LiveJob; opened: boolean; close: () => void; steering: ReturnType<typeof useSteering> };

/** Asks before a job is given up, because there is no way back. */
export function CancelJob({ job, opened, close, steering: { cancel, busy, outcome } }: Props) {
  const left = job.totalTargets === null ? null : job.totalTargets - job.processed;
  return (
    <Dialog title="Cancel this job?" opened={opened} close={close}>
      <p style={{ margin: 0 }}>
        {left === null ? 'What it has not come to yet is left out.' : `${plural(left, 'target')} that it has not come to yet ${left === 1 ? 'is' : 'are'} left out.`}{' '}
        {job.processed > 0 && `What it has done with the other ${count(job.processed)} stays. `}A cancelled job cannot be resumed.
      </p>
      <UserErrors errors={outcome.refusals} title="The job was not cancelled" />
      {outcome.failure && <Failure title="The job was not cancelled" error={outcome.failure} />}
      <FormActions>
        <Button variant="default" onClick={close}>
          Let it go on
        </Button>
        <Button
          color="red"
          aria-busy={busy}
          onClick={() => {
            if (!busy) void cancel().then((done) => done && close());
          }}
        >
          Cancel the job
        </Button>
      </FormActions>
    </Dialog>
  );
}
