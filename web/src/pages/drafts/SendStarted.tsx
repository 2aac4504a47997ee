import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FormActions } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import type { SendMessagesMutation } from '../../graphql/graphql.ts';

type Props = { answer: SendMessagesMutation['sendMessages']; close: () => void };

/** It worked, and something may go wrong all the same. */
export function SendStarted({ answer: { job, warnings }, close }: Props) {
  return (
    <>
      <Notice tone="warn" title="The job has started; mails may not arrive everywhere">
        {warnings.map((warning) => (
          <p key={warning}>{warning}</p>
        ))}
      </Notice>
      <FormActions>
        <Button variant="default" onClick={close}>
          Close
        </Button>
        {job && (
          <Link to="/jobs/$id" params={{ id: job.id }}>
            Go to the job
          </Link>
        )}
      </FormActions>
    </>
  );
}
