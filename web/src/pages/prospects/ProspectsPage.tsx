import { getRouteApi } from '@tanstack/react-router';
import { useRef } from 'react';
import { useQuery } from 'urql';
import { ProspectsDocument } from '../../graphql/graphql.ts';
import { Empty } from '../../parts/Empty.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { plural } from '../../parts/format.ts';
import { Loading } from '../../parts/Loading.tsx';
import { Page, Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import { ProspectFilters } from './ProspectFilters.tsx';
import { ProspectTable } from './ProspectTable.tsx';
import { ReviewBar } from './ReviewBar.tsx';
import { ReviewOutcome } from './ReviewOutcome.tsx';
import classes from './Prospects.module.css';
import { filterOf, orders, type ProspectsSearch } from './search.ts';
import { useReview } from './useReview.ts';
import { useReviewKeys } from './useReviewKeys.ts';
import { useSelection } from './useSelection.ts';

const route = getRouteApi('/prospects');
const pageSize = 50;

/** Prospects to look through and to decide on; filters, order and place live in the address. */
export function ProspectsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = filterOf(search);
  const [{ data, error, fetching }, again] = useQuery({
    query: ProspectsDocument,
    variables: { ...pageArguments(search, pageSize), filter, orderBy: orders[search.order ?? 'NEWEST'] },
  });
  const prospects = data?.prospects;
  const total = prospects?.totalCount ?? null;
  const selection = useSelection(prospects?.nodes ?? [], JSON.stringify(search));
  const { review, fetching: busy, answer, failure, undo } = useReview();
  const searchField = useRef<HTMLInputElement>(null);
  const change = (to: Partial<ProspectsSearch>) => void navigate({ search: { ...search, after: undefined, before: undefined, ...to } });

  async function decide(decision: 'APPROVE' | 'REJECT' | 'REOPEN', reason?: string) {
    const ids = selection.targets();
    if (busy || (!selection.all && ids.length === 0)) return;
    const failed = await review(selection.all ? { filter, expectedCount: total } : { ids }, decision, reason);
    if (failed) selection.keep(failed);
  }

  useReviewKeys({
    j: () => selection.move(1),
    k: () => selection.move(-1),
    x: () => selection.toggle(selection.current, false),
    a: () => void decide('APPROVE'),
    r: () => void decide('REJECT'),
    z: () => void undo?.(),
    '/': () => searchField.current?.focus(),
  });

  return (
    <Page title="Prospects">
      <ReviewOutcome answer={answer} undo={undo && (() => void undo())} busy={busy} />
      {failure && <Failure title="The review was not carried out" error={failure} />}
      <Panel title="All prospects" aside={total !== null && `${plural(total, 'prospect')} ${total === 1 ? 'matches' : 'match'}`}>
        <ProspectFilters search={search} change={change} searchField={searchField} />
        {error && <Failure title="The list of prospects could not be read" error={error} retry={() => again({ requestPolicy: 'network-only' })} />}
        {!data && fetching && <Loading what="prospects" rows={10} />}
        {prospects?.nodes.length === 0 && <Empty title="No prospect matches these filters" />}
        {prospects && prospects.nodes.length > 0 && (
          <ProspectTable
            prospects={prospects.nodes}
            selected={selection.selected}
            current={selection.current}
            toggle={selection.toggle}
            toggleAll={selection.togglePage}
          />
        )}
        {prospects && <Paging what="prospects" page={prospects.pageInfo} place={search} go={change} />}
        <p className={classes['keys']}>
          <kbd>J</kbd> <kbd>K</kbd> move · <kbd>X</kbd> select · <kbd>A</kbd> approve · <kbd>R</kbd> reject · <kbd>Z</kbd> undo ·{' '}
          <kbd>/</kbd> search
        </p>
      </Panel>
      <ReviewBar
        selected={selection.selected.size}
        total={total}
        all={selection.all}
        selectAll={selection.selectAll}
        clear={selection.clear}
        busy={busy}
        decide={(decision, reason) => void decide(decision, reason)}
      />
    </Page>
  );
}
