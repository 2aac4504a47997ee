import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ReviewDecision } from '../../../graphql/graphql.ts';
import { Dialog } from '../../../parts/Dialog.tsx';
import { Failure } from '../../../parts/Failure.tsx';
import { Form, FormActions, TextField } from '../../../parts/Field.tsx';
import { useSeenCount } from '../../../parts/form/useSeenCount.ts';
import { plural } from '../../../parts/format.ts';
import { Notice } from '../../../parts/Notice.tsx';
import { conditionsOf, filterOf } from '../filters/filter.ts';
import type { ProspectsSearch } from '../search.ts';
import type { ReviewOutcome, Targets } from './useReview.ts';

const verbs: Record<ReviewDecision, string> = { APPROVE: 'Approve', REJECT: 'Reject', REOPEN: 'Reopen' };

const isStale = ({ code }: { code: string }) => code === 'STALE';

type Props = {
  decision: ReviewDecision;
  reason: string;
  search: ProspectsSearch;
  /** how many match, as far as is known; null while it is not */
  total: number | null;
  busy: boolean;
  review: (targets: Targets, decision: ReviewDecision, reason?: string) => Promise<ReviewOutcome | null>;
  close: () => void;
  finished: (outcome: ReviewOutcome) => void;
};

/** Before a decision over everything that the filters match: how many that are. The server decides over exactly so many, or not at all. */
export function ConfirmAll({ decision, reason: given, search, total: counted, busy, review, close, finished }: Props) {
  const [reason, setReason] = useState(given);
  const [asked, setAsked] = useState<ReviewOutcome | null>(null);
  const filter = filterOf(search);
  const { count: total, renew } = useSeenCount(counted, JSON.stringify(filter));
  const button = useRef<HTMLButtonElement>(null);
  // It could not be pressed while the server was asked, and lost the focus.
  useEffect(() => {
    if (asked && !busy) button.current?.focus();
  }, [asked, busy]);
  const conditions = conditionsOf(search);
  const stale = asked?.errors.find(isStale);

  async function decide() {
    if (total === null) return;
    const outcome = await review({ filter, expectedCount: total }, decision, reason);
    if (!outcome) return;
    if (outcome.changedCount + outcome.failedCount > 0) return finished(outcome);
    setAsked(outcome);
    if (outcome.errors.some(isStale)) renew();
  }

  return (
    <Dialog title={`${verbs[decision]} all that match?`} opened close={close}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          void decide();
        }}
      >
        <p style={{ margin: 0 }}>
          <strong>{total === null ? 'How many match is being counted.' : `${plural(total, 'prospect')} ${total === 1 ? 'matches' : 'match'}`}</strong>
          {total !== null && (conditions.length > 0 ? ` ${conditions.map(({ text }) => text).join(' · ')}` : ': every prospect there is')}
        </p>
        {stale && (
          <Notice tone="warn" title="The number has changed; nothing was done">
            <p>{stale.message}</p>
          </Notice>
        )}
        {asked?.errors.filter((error) => error !== stale).map(({ message }) => <Notice key={message} tone="bad" title={message} />)}
        {asked?.failure && <Failure title="The decision was not carried out" error={asked.failure} />}
        {decision === 'REJECT' && <TextField label="Reason" hint="For people who read it later" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />}
        <FormActions>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button ref={button} type="submit" data-autofocus color={decision === 'REJECT' ? 'red' : undefined} loading={busy} disabled={total === null || total === 0}>
            {verbs[decision]} {total === null ? '' : plural(total, 'prospect')}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
