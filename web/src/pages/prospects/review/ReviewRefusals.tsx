import { Button } from '@mantine/core';
import { Failure } from '../../../parts/Failure.tsx';
import { plural } from '../../../parts/format.ts';
import { Notice } from '../../../parts/Notice.tsx';
import { done, type ReviewOutcome } from './useReview.ts';

const mostReasons = 5;

/** What the last decision did not change, and why. Those prospects are left selected, each with its reason in the list. */
export function ReviewRefusals({ outcome, dismiss }: { outcome: ReviewOutcome | null; dismiss: () => void }) {
  if (!outcome) return null;
  const { decision, changedCount, failedCount, failedIds, refusals, errors, failure } = outcome;
  const all = [...[...refusals.values()], ...errors.map(({ message }) => message)];
  const reasons = [...Map.groupBy(all, (message) => message)].toSorted(([, one], [, other]) => other.length - one.length);
  if (!failure && reasons.length === 0) return null;
  if (failure) return <Failure title={changedCount > 0 ? `Only ${plural(changedCount, 'prospect')} ${done[decision]}` : 'The decision was not carried out'} error={failure} />;
  const title = failedCount > 0 ? `${plural(failedCount, 'prospect')} could not be ${done[decision]}` : `Nothing was ${done[decision]}`;
  return (
    <Notice tone="warn" title={title}>
      {reasons.slice(0, mostReasons).map(([message, those]) => (
        <p key={message}>
          {those.length > 1 && `${plural(those.length, 'prospect')}: `}
          {message}
        </p>
      ))}
      {reasons.length > mostReasons && <p>And {plural(reasons.length - mostReasons, 'other reason')}.</p>}
      {failedIds.length > 0 && <p>{failedIds.length < failedCount ? `The first ${failedIds.length} of them are` : failedIds.length === 1 ? 'It is' : 'They are'} still selected.</p>}
      <Button size="compact-sm" variant="default" mt="xs" onClick={dismiss}>
        Dismiss
      </Button>
    </Notice>
  );
}
