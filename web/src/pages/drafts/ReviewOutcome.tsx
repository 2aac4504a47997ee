import { Button } from '@mantine/core';
import { Failure } from '../../parts/Failure.tsx';
import { plural } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import type { Outcome, Refusal } from './decide.ts';
import classes from './Drafts.module.css';
import { done } from './useDecisions.ts';

const namesShown = 5;

type Props = { outcome: Outcome; undo: (() => void) | null; busy: boolean; forget: () => void };

/** What a decision changed, what it did not and why: the sums are those of the server. */
export function ReviewOutcome({ outcome: { decision, changed, refused, untried, error }, undo, busy, forget }: Props) {
  const others = [
    refused.length > 0 && `${plural(refused.length, 'draft')} stayed as ${refused.length === 1 ? 'it was' : 'they were'}`,
    untried.length > 0 && `${plural(untried.length, 'draft')} not tried`,
  ].filter(Boolean);
  return (
    <>
      <Notice tone="warn" title={[`${plural(changed.length, 'draft')} ${done[decision]}`, ...others].join(', ')}>
        {groups(refused).map(([reason, drafts]) => (
          <p key={reason}>
            {reason}{' '}
            {drafts.slice(0, namesShown).map(({ draft }, place) => (
              <span key={draft.id}>
                {place > 0 && ', '}
                <bdi>{draft.name}</bdi>
              </span>
            ))}
            {drafts.length > namesShown && ` and ${plural(drafts.length - namesShown, 'other')}`}.
          </p>
        ))}
        <div className={classes['choice']}>
          {undo && changed.length > 0 && (
            <Button size="xs" variant="default" loading={busy} onClick={undo}>
              Undo
            </Button>
          )}
          <Button size="xs" variant="default" onClick={forget}>
            Dismiss
          </Button>
        </div>
      </Notice>
      {error && <Failure title="The server stopped answering" error={error} />}
    </>
  );
}

/** By the first sentence: what follows it is about the one draft. */
function groups(refused: readonly Refusal[]): [string, Refusal[]][] {
  return [...Map.groupBy(refused, ({ message }) => /^.*?[.:!?](?=\s|$)/s.exec(message)?.[0].replace(/:$/, '.') ?? message)];
}
