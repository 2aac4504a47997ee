import { Button } from '@mantine/core';
import type { MessageRowFragment } from '../../graphql/graphql.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { FormActions } from '../../parts/Field.tsx';
import { count, plural } from '../../parts/format.ts';
import { nameOf, resolutions } from './states.ts';
import type { Decision } from './useResolve.ts';

/** A decision that is about to be carried out. */
export interface Asked {
  messages: readonly MessageRowFragment[];
  decision: Decision;
}

export type DecideDialogProps = { asked: Asked | null; progress: { asked: number; of: number } | null; carryOut: () => void; close: () => void };

/** Asks before something that cannot be taken back, and says what follows from it. */
export function DecideDialog({ asked, progress, carryOut, close }: DecideDialogProps) {
  return (
    <Dialog title={asked ? titleOf(asked) : ''} opened={asked !== null} close={close}>
      {asked && (
        <>
          <p style={{ margin: 0 }}>
            {asked.decision === 'CANCEL'
              ? 'Nothing is sent. The draft stays approved, so that it can be sent again.'
              : resolutions[asked.decision].follows}{' '}
            This cannot be undone.
          </p>
          <FormActions>
            <Button variant="default" onClick={close}>
              Back
            </Button>
            <Button color={asked.decision === 'CANCEL' || asked.decision === 'NOT_SENT' ? 'red' : undefined} loading={progress !== null} onClick={carryOut}>
              {labelOf(asked)}
            </Button>
          </FormActions>
          {progress && progress.of > 1 && (
            <p role="status" style={{ margin: 0 }}>
              {count(progress.asked)} of {count(progress.of)}
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}

function titleOf({ messages, decision }: Asked): string {
  const whom = messages.length === 1 ? `the message to ${nameOf(messages[0]!)}` : plural(messages.length, 'message');
  return decision === 'CANCEL' ? `Cancel ${whom}?` : `Mark ${whom} as ${resolutions[decision].label.toLowerCase()}?`;
}

function labelOf({ messages, decision }: Asked): string {
  const many = messages.length > 1 ? ` ${plural(messages.length, 'message')}` : '';
  return decision === 'CANCEL' ? `Cancel${many || ' the message'}` : `Mark${many} as ${resolutions[decision].label.toLowerCase()}`;
}
