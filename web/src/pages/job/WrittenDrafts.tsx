import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { type DraftStatus, JobDraftsDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural, words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import table from '../../parts/parts.module.css';
import { Tone, type ToneName } from '../../parts/Tone.tsx';
import { useRefreshUntil } from '../../parts/useRefresh.ts';
import classes from './Job.module.css';
import type { LiveJob } from './newest.ts';

const route = getRouteApi('/jobs/$id');
const tones: Record<DraftStatus, ToneName> = { NONE: 'quiet', GENERATING: 'quiet', PENDING_REVIEW: 'warn', APPROVED: 'good', REJECTED: 'bad', SENT: 'good', FAILED: 'bad' };

/** The drafts that the job has written, a few at a time; each leads to where it is read and decided on. */
export function WrittenDrafts({ job, settled }: { job: LiveJob; settled: boolean }) {
  const { after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const answer = useAnswer(JobDraftsDocument, { jobId: job.id, ...pageArguments({ after, before }, 10) }, (data) => data.drafts);
  useRefreshUntil(settled, 3_000, answer.again);
  const total = answer.value?.totalCount;
  return (
    <Panel title="Drafts" aside={typeof total === 'number' && total > 0 && <Link to="/drafts" search={{ job: job.id }}>Review {plural(total, 'draft')}</Link>}>
      <Answered of={answer} what="the list of drafts">
        {(drafts) => (
          <>
            {drafts.nodes.length === 0 && <Empty title="Its drafts are gone" />}
            <ul className={classes['list']}>
              {drafts.nodes.map((draft) => (
                <li key={draft.id}>
                  <span>
                    <Link to="/drafts" search={{ job: job.id, open: draft.id }}>
                      <bdi>{draft.prospect?.displayName ?? draft.recipient ?? 'A draft'}</bdi>
                    </Link>{' '}
                    <bdi className={table['aside']}>{draft.subject}</bdi>
                  </span>
                  <span>
                    {draft.problems.length > 0 && <Tone tone="bad">{plural(draft.problems.length, 'problem')}</Tone>}{' '}
                    <Tone tone={tones[draft.status]}>{words(draft.status)}</Tone>
                  </span>
                </li>
              ))}
            </ul>
            <Paging
              what="drafts"
              page={drafts.pageInfo}
              place={{ after, before }}
              go={(place) => void navigate({ search: (old) => ({ ...old, after: place.after, before: place.before }), resetScroll: false })}
            />
          </>
        )}
      </Answered>
    </Panel>
  );
}
