import { Button } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useAnswer } from '../../../api/useAnswer.ts';
import { useViewer } from '../../../api/useViewer.ts';
import { ProspectDocument, type ReviewDecision } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { Loading } from '../../../parts/Loading.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';
import { StageTone } from '../StageTone.tsx';
import { Decide } from '../review/Decide.tsx';
import type { ReviewOutcome } from '../review/useReview.ts';
import classes from './Detail.module.css';
import { Drafts } from './Drafts.tsx';
import { Facts } from './Facts.tsx';
import { History } from './History.tsx';
import { Messages } from './Messages.tsx';
import { Profiles } from './Profiles.tsx';
import { Replies } from './Replies.tsx';

const EditProspect = lazy(async () => ({ default: (await import('../edit/EditProspect.tsx')).EditProspect }));
const Remove = lazy(async () => ({ default: (await import('../remove/Remove.tsx')).Remove }));

type Props = {
  id: string;
  /** its name, where the list has it already */
  known: string | undefined;
  busy: boolean;
  decide: (id: string, decision: ReviewDecision, reason?: string) => Promise<ReviewOutcome | null>;
  close: () => void;
};

const refreshMs = 15_000;

/** Everything that is known of a prospect, and what can be done with it. */
export function ProspectDetail({ id, known, busy, decide, close }: Props) {
  const { may } = useViewer();
  const prospect = useAnswer(ProspectDocument, { id }, (data) => data.prospect);
  const [editing, setEditing] = useState(false);
  const editButton = useRef<HTMLButtonElement>(null);
  const edited = useRef(false);
  useRefresh(true, refreshMs, prospect.again);
  useEffect(() => {
    // The form goes, and the focus with it.
    if (edited.current && !editing) editButton.current?.focus();
    edited.current = editing;
  }, [editing]);
  const isGone = !prospect.value && !prospect.error && !prospect.fetching;
  return (
    <article className={classes['detail']}>
      <header className={classes['head']}>
        <h2>
          <bdi>{prospect.value?.displayName ?? known ?? 'Prospect'}</bdi>
        </h2>
        {prospect.value && <StageTone stage={prospect.value.stage} />}
      </header>
      {isGone && (
        <Empty title="There is no such prospect">
          <p>It may have been deleted.</p>
        </Empty>
      )}
      <Answered of={prospect} what="this prospect" rows={6}>
        {(value) => (
          <>
            {may('OPERATOR') && !editing && (
              <Decide prospect={value} busy={busy} decide={(decision, reason) => decide(id, decision, reason)}>
                <Button ref={editButton} size="xs" variant="default" aria-label={`Edit ${value.displayName}`} onClick={() => setEditing(true)}>
                  Edit
                </Button>
              </Decide>
            )}
            {editing ? (
              <Suspense fallback={<Loading what="the form" />}>
                <EditProspect prospect={value} close={() => setEditing(false)} />
              </Suspense>
            ) : (
              <Facts prospect={value} />
            )}
          </>
        )}
      </Answered>
      {!isGone && (
        <>
          <Profiles id={id} />
          <Drafts id={id} />
          <Messages id={id} />
          <Replies id={id} />
          <History id={id} />
          {may('OPERATOR') && prospect.value && (
            <Suspense>
              <Remove prospect={prospect.value} gone={close} />
            </Suspense>
          )}
        </>
      )}
    </article>
  );
}
