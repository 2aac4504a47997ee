import { getRouteApi } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { JobDraftsDocument } from '../../graphql/graphql.ts';
import { Failure } from '../../parts/Failure.tsx';
import { plural, words } from '../../parts/format.ts';
import { Loading } from '../../parts/Loading.tsx';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import { Tone } from '../../parts/Tone.tsx';
import { useRefreshUntil } from '../../parts/useRefresh.ts';
import classes from './JobDrafts.module.css';

const route = getRouteApi('/jobs/$id');

/** What the job has written, a few at a time, each to be opened and read. */
export function JobDrafts({ id, settled }: { id: string; settled: boolean }) {
  const { draftsAfter: after, draftsBefore: before } = route.useSearch();
  const navigate = route.useNavigate();
  const [{ data, error }, again] = useQuery({ query: JobDraftsDocument, variables: { jobId: id, ...pageArguments({ after, before }, 10) } });
  const drafts = data?.drafts;

  const refresh = () => again({ requestPolicy: 'network-only' });
  useRefreshUntil(settled, 3_000, refresh);

  return (
    <Panel title="Drafts" aside={settled && drafts?.totalCount != null && plural(drafts.totalCount, 'draft')}>
      {error && <Failure title="The list of drafts could not be read" error={error} retry={refresh} />}
      {!data && !error && <Loading what="drafts" />}
      {drafts?.nodes.map((draft) => (
        <details key={draft.id} className={classes['draft']}>
          <summary>
            <span className={classes['subject']}>{draft.subject ?? draft.prospect?.displayName ?? 'Without a subject'}</span>
            <span className={classes['recipient']}>{draft.recipient}</span>
            <Tone tone="quiet">{words(draft.status)}</Tone>
          </summary>
          <pre>{draft.body}</pre>
          {draft.problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </details>
      ))}
      {drafts && (
        <Paging
          what="drafts"
          page={drafts.pageInfo}
          place={{ after, before }}
          go={(place) => void navigate({ search: (old) => ({ ...old, draftsAfter: place.after, draftsBefore: place.before }), resetScroll: false })}
        />
      )}
    </Panel>
  );
}
