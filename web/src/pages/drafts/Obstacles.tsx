import { Button } from '@mantine/core';
import { Notice } from '../../parts/Notice.tsx';
import classes from './Drafts.module.css';
import type { FullDraft } from './useDraft.ts';

/** What the lint found. */
export function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <Notice tone="warn" title="It cannot be approved like this">
      <ul className={classes['problems']}>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** The prospect can be reached elsewhere since the draft was written: it would be refused until it is addressed anew. */
export function Readdress({ draft, addressAnew, busy }: { draft: FullDraft; addressAnew: (() => void) | undefined; busy: boolean }) {
  const address = draft.channel === 'EMAIL' ? draft.prospect?.email : draft.socialProfile?.profileUrl;
  if (!address || address === draft.recipient || draft.status === 'SENT') return null;
  return (
    <Notice tone="warn" title="The recipient has another address now">
      <p>
        They are reached at {address}; the draft still goes to {draft.recipient ?? 'nobody'}.
      </p>
      {addressAnew && (
        <div className={classes['choice']}>
          <Button size="xs" variant="default" loading={busy} onClick={addressAnew}>
            Address it to {address}
          </Button>
        </div>
      )}
    </Notice>
  );
}
