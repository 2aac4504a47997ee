import { plural } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { resolutions } from './states.ts';
import type { Decision, Outcome } from './useResolve.ts';

/** "marked as sent", "cancelled". */
export function doneText(decision: Decision): string {
  return decision === 'CANCEL' ? 'cancelled' : resolutions[decision].done;
}

/** What a decision did not do, and why; nothing where it did everything. */
export function OutcomeNotice({ outcome }: { outcome: Outcome | null }) {
  if (!outcome || outcome.refused.length + outcome.left.length === 0) return null;
  const { decision, done, refused, left, failure } = outcome;
  const reasons = Map.groupBy(refused, ({ message }) => message);
  return (
    <Notice tone="bad" title={`${plural(done.length, 'message')} ${doneText(decision)}, ${plural(refused.length + left.length, 'message')} not`}>
      {[...reasons].map(([reason, { length }]) => (
        <p key={reason}>
          {reason}
          {refused.length > 1 && ` (${plural(length, 'message')})`}
        </p>
      ))}
      {left.length > 0 && (
        <p>
          {failure} {plural(left.length, 'message')} not decided; nothing is known to have changed.
        </p>
      )}
    </Notice>
  );
}
