import { Button } from '@mantine/core';
import type { ReviewDecision } from '../../graphql/graphql.ts';
import { count, plural } from '../../parts/format.ts';
import classes from './Drafts.module.css';
import type { ReadDraft } from './readDraft.ts';

type Props = {
  chosen: readonly ReadDraft[];
  /** everything that the filters match; null when it could not be counted */
  total: number | null;
  /** how many were read so far, while all are being chosen */
  reading: number | null;
  progress: { done: number; total: number } | null;
  chooseAll: () => void;
  clear: () => void;
  stop: () => void;
  decide: (drafts: readonly ReadDraft[], decision: ReviewDecision) => void;
  send: (drafts: readonly ReadDraft[]) => void;
};

/** What to do with the drafts that were chosen: each button says how many of them it is for. */
export function SelectionBar({ chosen, total, reading, progress, chooseAll, clear, stop, decide, send }: Props) {
  if (reading !== null || (progress && progress.total > 1)) {
    const done = reading ?? progress?.done ?? 0;
    const all = progress?.total ?? total ?? undefined;
    const text = `${reading === null ? 'Deciding' : 'Reading'} ${count(done)} of ${count(all)} drafts …`;
    return (
      <div className={classes['bar']} role="region" aria-label="Selected drafts">
        <span>{text}</span>
        <progress value={done} max={all} aria-label={reading === null ? 'Decided drafts' : 'Drafts that were read'} />
        <Button size="xs" variant="default" onClick={stop}>
          Stop
        </Button>
      </div>
    );
  }
  if (chosen.length === 0) return null;
  const undecided = chosen.filter(({ status }) => status === 'PENDING_REVIEW');
  const approved = chosen.filter(({ status }) => status === 'APPROVED');
  const decided = chosen.filter(({ status }) => status === 'APPROVED' || status === 'REJECTED');
  return (
    <div className={classes['bar']} role="region" aria-label="Selected drafts">
      <span>
        <span role="status">{plural(chosen.length, 'draft')} selected</span>
        {total !== null && total > chosen.length && (
          <Button size="compact-sm" variant="subtle" onClick={chooseAll}>
            Select all {count(total)}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
          Clear
        </Button>
      </span>
      {undecided.length > 0 && (
        <>
          <Button size="xs" onClick={() => decide(undecided, 'APPROVE')}>
            Approve {count(undecided.length)}
          </Button>
          <Button size="xs" color="red" variant="light" onClick={() => decide(undecided, 'REJECT')}>
            Reject {count(undecided.length)}
          </Button>
        </>
      )}
      {approved.length > 0 && (
        <Button size="xs" onClick={() => send(approved)}>
          Send {count(approved.length)}
        </Button>
      )}
      {decided.length > 0 && (
        <Button size="xs" variant="default" onClick={() => decide(decided, 'REOPEN')}>
          Reopen {count(decided.length)}
        </Button>
      )}
    </div>
  );
}
