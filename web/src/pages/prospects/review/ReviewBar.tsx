import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReviewDecision } from '../../../graphql/graphql.ts';
import { count, plural } from '../../../parts/format.ts';
import type { Selection } from '../list/useSelection.ts';
import classes from './Review.module.css';

type Props = {
  selection: Selection;
  /** ids of the rows that are shown */
  shown: readonly { id: string }[];
  /** everything that the filters match; null when it could not be counted */
  total: number | null;
  busy: boolean;
  decide: (decision: ReviewDecision, reason?: string) => void;
};

/** What to do with the selection, which may be every prospect that the filters match. */
export function ReviewBar({ selection, shown, total, busy, decide }: Props) {
  const [reason, setReason] = useState('');
  const { selected, all, selectAll, clear } = selection;
  if (selected.size === 0 && !all) return null;
  const elsewhere = all ? 0 : selected.size - shown.filter(({ id }) => selected.has(id)).length;
  return (
    <div className={classes['bar']} data-bottom-bar role="region" aria-label="Review of the selection">
      <div className={classes['selection']}>
        <span role="status">
          {all ? `All ${count(total)} that match` : `${plural(selected.size, 'prospect')} selected`}
          {elsewhere > 0 && <span className={classes['elsewhere']}> · {count(elsewhere)} not on this page</span>}
        </span>
        {!all && total !== null && total > selected.size && (
          <Button size="compact-sm" variant="subtle" onClick={selectAll}>
            Select all {count(total)}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
          Clear
        </Button>
      </div>
      <input aria-label="Reason for a rejection" placeholder="Reason for a rejection" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
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
