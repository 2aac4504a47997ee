import { Button } from '@mantine/core';
import type { DraftStatus } from '../../graphql/graphql.ts';
import classes from './Drafts.module.css';

type Props = {
  status: DraftStatus;
  name: string;
  busy: boolean;
  approve: () => void;
  reject: () => void;
  reopen: () => void;
  edit: () => void;
  send: () => void;
};

export const editable: readonly DraftStatus[] = ['PENDING_REVIEW', 'APPROVED', 'REJECTED'];

/** What can be done with a draft in its present state. */
export function DraftActions({ status, name, busy, approve, reject, reopen, edit, send }: Props) {
  if (!editable.includes(status)) return null;
  return (
    <div className={classes['actions']}>
      {status === 'PENDING_REVIEW' && (
        <>
          <Button size="xs" loading={busy} onClick={approve} aria-label={`Approve the draft for ${name}`}>
            Approve <kbd aria-hidden>A</kbd>
          </Button>
          <Button size="xs" color="red" variant="light" disabled={busy} onClick={reject} aria-label={`Reject the draft for ${name}`}>
            Reject <kbd aria-hidden>R</kbd>
          </Button>
        </>
      )}
      {status === 'APPROVED' && (
        <Button size="xs" disabled={busy} onClick={send} aria-label={`Send the draft for ${name}`}>
          Send
        </Button>
      )}
      {status !== 'PENDING_REVIEW' && (
        <Button size="xs" variant="default" disabled={busy} onClick={reopen} aria-label={`Reopen the draft for ${name}`}>
          Reopen
        </Button>
      )}
      <Button size="xs" variant="default" disabled={busy} onClick={edit} aria-label={`Edit the draft for ${name}`}>
        Edit <kbd aria-hidden>E</kbd>
      </Button>
    </div>
  );
}
