import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ProspectFactsFragment, ReviewDecision, ReviewStatus } from '../../../graphql/graphql.ts';
import { Failure } from '../../../parts/Failure.tsx';
import { Form, FormActions, TextField } from '../../../parts/Field.tsx';
import { UserErrors } from '../../../parts/UserErrors.tsx';
import classes from '../detail/Detail.module.css';
import type { ReviewOutcome } from './useReview.ts';

/** Where each decision may come from; the server judges whether it may. */
const possible: Record<ReviewStatus, readonly ReviewDecision[]> = { PENDING: ['APPROVE', 'REJECT'], APPROVED: ['REJECT', 'REOPEN'], REJECTED: ['REOPEN'] };

type Props = {
  prospect: ProspectFactsFragment;
  busy: boolean;
  decide: (decision: ReviewDecision, reason?: string) => Promise<ReviewOutcome | null>;
  /** what else can be done */
  children?: ReactNode;
};

/** The decision over one prospect; a rejection asks why, and takes no answer too. */
export function Decide({ prospect: { displayName, reviewStatus }, busy, decide, children }: Props) {
  const [reason, setReason] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<ReviewOutcome | null>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const pressed = useRef(false);
  const may = possible[reviewStatus];
  const messages = outcome ? [...[...outcome.refusals.values()].map((message) => ({ message })), ...outcome.errors] : [];

  useEffect(() => {
    // The button that was pressed is another one now, or was not to be pressed meanwhile.
    if (busy || !pressed.current) return;
    if (document.activeElement === document.body) buttons.current?.querySelector('button')?.focus();
  }, [busy, reviewStatus]);

  async function send(decision: ReviewDecision, why?: string) {
    pressed.current = true;
    const found = await decide(decision, why);
    if (!found) return;
    setOutcome(found);
    if (found.changedCount > 0) setReason(null);
  }

  return (
    <>
      <div ref={buttons} className={classes['decide']}>
        {may.includes('APPROVE') && (
          <Button size="xs" loading={busy} aria-label={`Approve ${displayName}`} onClick={() => void send('APPROVE')}>
            Approve
          </Button>
        )}
        {may.includes('REJECT') && (
          <Button size="xs" color="red" variant="light" loading={busy} aria-label={`Reject ${displayName}`} aria-expanded={reason !== null} onClick={() => setReason(reason === null ? '' : null)}>
            Reject
          </Button>
        )}
        {may.includes('REOPEN') && (
          <Button size="xs" variant="default" loading={busy} aria-label={`Reopen ${displayName}`} onClick={() => void send('REOPEN')}>
            Reopen
          </Button>
        )}
        {children}
        {reason !== null && (
          <Form
            onSubmit={(event) => {
              event.preventDefault();
              void send('REJECT', reason);
            }}
          >
            <TextField label="Reason" hint="For people who read it later; may stay empty" value={reason} onChange={(event) => setReason(event.currentTarget.value)} ref={focusIt} />
            <FormActions>
              <Button size="xs" variant="default" onClick={() => setReason(null)}>
                Cancel
              </Button>
              <Button size="xs" type="submit" color="red" loading={busy}>
                Reject with this reason
              </Button>
            </FormActions>
          </Form>
        )}
      </div>
      {outcome?.failure && <Failure title="The decision was not carried out" error={outcome.failure} />}
      <UserErrors errors={messages} />
    </>
  );
}

/** The field stands there because somebody wants to type into it. */
function focusIt(field: HTMLInputElement | null): void {
  field?.focus();
}
