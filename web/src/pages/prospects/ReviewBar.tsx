import { Button } from '@mantine/core';
import { useState } from 'react';
import { count, plural } from '../../parts/format.ts';
import classes from './Prospects.module.css';

type Props = {
  selected: number;
  /** everything that the filters match; null when it could not be counted */
  total: number | null;
  all: boolean;
  selectAll: () => void;
  clear: () => void;
  busy: boolean;
  decide: (decision: 'APPROVE' | 'REJECT' | 'REOPEN', reason?: string) => void;
};

/** What to do with the selection, which may be every prospect that the filters match. */
export function ReviewBar({ selected, total, all, selectAll, clear, busy, decide }: Props) {
  const [reason, setReason] = useState('');
  if (selected === 0 && !all) return null;
  return (
    <div className={classes['review']} role="region" aria-label="Review of the selection">
      <span className={classes['selection']} aria-live="polite">
        {all ? `All ${count(total)} that match` : `${plural(selected, 'prospect')} selected`}
        {!all && total !== null && total > selected && (
          <Button size="compact-sm" variant="subtle" onClick={selectAll}>
            Select all {count(total)}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
          Clear
        </Button>
      </span>
      <input
        aria-label="Reason for a rejection"
        placeholder="Reason for a rejection"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button size="xs" loading={busy} onClick={() => decide('APPROVE')}>
        Approve
      </Button>
      <Button size="xs" color="red" variant="light" loading={busy} onClick={() => decide('REJECT', reason)}>
        Reject
      </Button>
      <Button size="xs" variant="default" loading={busy} onClick={() => decide('REOPEN')}>
        Reopen
      </Button>
    </div>
  );
}
