import { Button } from '@mantine/core';
import { plural } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import type { ReviewAnswer } from './useReview.ts';

const done = { APPROVE: 'approved', REJECT: 'rejected', REOPEN: 'reopened' };

/** What the last decision changed, what it did not and why, and the way back. */
export function ReviewOutcome({ answer, undo, busy }: { answer: ReviewAnswer | null; undo: (() => void) | null; busy: boolean }) {
  if (!answer) return null;
  const { changedCount, failedCount, userErrors, decision } = answer;
  const reasons = [...new Set(userErrors.map(({ message }) => message))];
  const title = `${plural(changedCount, 'prospect')} ${done[decision]}${failedCount > 0 ? `, ${plural(failedCount, 'prospect')} not` : ''}`;
  return (
    <Notice tone={userErrors.length > 0 ? 'warn' : 'good'} title={title}>
      {reasons.slice(0, 5).map((message) => (
        <p key={message}>{message}</p>
      ))}
      {reasons.length > 5 && <p>And {plural(reasons.length - 5, 'other reason')}.</p>}
      {undo && changedCount > 0 && (
        <Button size="compact-sm" variant="default" mt="xs" loading={busy} onClick={undo}>
          Undo
        </Button>
      )}
    </Notice>
  );
}
