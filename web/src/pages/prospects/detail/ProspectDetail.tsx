import { useEffect, useRef } from 'react';
import { useAnswer } from '../../../api/useAnswer.ts';
import { useViewer } from '../../../api/useViewer.ts';
import { ProspectDocument, type ReviewDecision } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { Empty } from '../../../parts/Empty.tsx';
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

type Props = {
  id: string;
  /** its name, where the list has it already */
  known: string | undefined;
  busy: boolean;
  decide: (id: string, decision: ReviewDecision, reason?: string) => Promise<ReviewOutcome | null>;
};

const refreshMs = 15_000;

/** Everything that is known of a prospect, and what can be done with it. */
export function ProspectDetail({ id, known, busy, decide }: Props) {
  const { may } = useViewer();
  const prospect = useAnswer(ProspectDocument, { id }, (data) => data.prospect);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useRefresh(true, refreshMs, prospect.again);
  const isGone = !prospect.value && !prospect.error && !prospect.fetching;
  return (
    <article className={classes['detail']}>
      <header className={classes['head']}>
        <h2 ref={heading} tabIndex={-1}>
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
            {may('OPERATOR') && <Decide key={value.id} prospect={value} busy={busy} decide={(decision, reason) => decide(id, decision, reason)} />}
            <Facts prospect={value} />
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
        </>
      )}
    </article>
  );
}
