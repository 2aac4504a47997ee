import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { WaitingDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { count } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import classes from './WaitingPanel.module.css';

/** What does not go on until a person decides. */
export function WaitingPanel() {
  const waiting = useAnswer(WaitingDocument, {}, (data) => data);
  useRefresh(true, 10_000, waiting.again);
  return (
    <Panel title="Waiting for you">
      <Answered of={waiting} what="what waits for a decision" rows={2}>
        {({ prospects, drafts, approved, undecided }) => (
          <ul className={classes['list']}>
            <li>
              <Link to="/prospects" search={{ review: ['PENDING'] }}>
                <Figure of={prospects} label="Prospects to review" />
              </Link>
            </li>
            <li>
              <Link to="/drafts" search={{ status: 'PENDING_REVIEW' }}>
                <Figure of={drafts} label="Drafts to review" />
              </Link>
            </li>
            <li>
              <Link to="/drafts" search={{ status: 'APPROVED' }}>
                <Figure of={approved} label="Approved drafts to send" />
              </Link>
            </li>
            <li>
              <Link to="/messages" search={{ tab: 'decide' }}>
                <Figure of={undecided} label="Messages to decide" />
              </Link>
            </li>
          </ul>
        )}
      </Answered>
    </Panel>
  );
}

function Figure({ of, label }: { of: { totalCount: number | null } | null; label: string }) {
  return (
    <>
      <strong data-some={(of?.totalCount ?? 0) > 0 || undefined}>{count(of?.totalCount)}</strong> <span>{label}</span>
    </>
  );
}
