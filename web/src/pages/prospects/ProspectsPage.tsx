import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { useViewer } from '../../api/useViewer.ts';
import type { ReviewDecision } from '../../graphql/graphql.ts';
import { Loading } from '../../parts/Loading.tsx';
import { Page } from '../../parts/Page.tsx';
import { NotAllowed } from '../../parts/NotAllowed.tsx';
import { Split } from '../../parts/Split.tsx';
import { filterOf } from './filters/filter.ts';
import { ProspectPanel } from './list/ProspectPanel.tsx';
import { useCursor, useFocusAfterDetail } from './list/useCursor.ts';
import { useProspects } from './list/useProspects.ts';
import { useSelection } from './list/useSelection.ts';
import { type ReviewOutcome, useReview } from './review/useReview.ts';
import type { ProspectsSearch } from './search.ts';
import { PageActions } from './PageActions.tsx';
import { useProspectCommands } from './useProspectCommands.ts';

const ProspectDetail = lazy(async () => ({ default: (await import('./detail/ProspectDetail.tsx')).ProspectDetail }));
const AddProspect = lazy(async () => ({ default: (await import('./edit/AddProspect.tsx')).AddProspect }));
const ImportProspects = lazy(async () => ({ default: (await import('./import/ImportProspects.tsx')).ImportProspects }));
const ConfirmAll = lazy(async () => ({ default: (await import('./review/ConfirmAll.tsx')).ConfirmAll }));

const route = getRouteApi('/prospects');

/** Prospects to look through and to decide on; filters, order, place and the one that is open live in the address. */
export function ProspectsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useViewer();
  const mayDecide = may('OPERATOR');
  const list = useProspects(search);
  const rows = list.value?.rows ?? [];
  const selection = useSelection(rows, JSON.stringify(filterOf(search)));
  const cursor = useCursor(rows);
  const { review, busy, outcome, forget, undo } = useReview(list.again);
  const [confirming, setConfirming] = useState<{ decision: ReviewDecision; reason: string } | null>(null);
  const searchField = useRef<HTMLInputElement>(null);

  const change = (to: Partial<ProspectsSearch>) => void navigate({ search: { ...search, after: undefined, before: undefined, ...to }, resetScroll: false });
  const open = (id: string | undefined, replace = false) => void navigate({ search: { ...search, open: id }, replace, resetScroll: false });

  const begin = (start: ProspectsSearch['start']) => void navigate({ search: { ...search, start }, resetScroll: false });

  function settle({ failedIds }: ReviewOutcome) {
    selection.keep(failedIds);
    // The button that was pressed goes with the selection.
    if (!search.open) cursor.takeFocus();
  }

  async function decide(decision: ReviewDecision, reason = '') {
    if (selection.all) return setConfirming({ decision, reason });
    const current = search.open ?? cursor.id;
    const ids = selection.selected.size > 0 ? [...selection.selected] : current ? [current] : [];
    if (ids.length === 0) return;
    const found = await review({ ids }, decision, reason);
    if (found && !found.failure) settle(found);
  }

  function move(by: number, extend: boolean) {
    const from = cursor.id;
    const to = cursor.next(by);
    if (to === null) return;
    if (extend && mayDecide) selection.extend(from ?? to, to);
    cursor.stand(to, !search.open);
    if (search.open) open(to, true);
  }

  useProspectCommands({
    move,
    select: () => cursor.id && selection.toggle(cursor.id, false),
    open: () => cursor.id && open(cursor.id),
    decide: (decision) => void decide(decision),
    undo,
    selectShown: selection.toggleShown,
    selectAll: selection.selectAll,
    leave: () => (search.open ? open(undefined) : selection.clear()),
    search: () => searchField.current?.focus(),
    mayDecide,
  });

  useFocusAfterDetail(search.open, cursor);

  return (
    <Page title="Prospects" actions={<PageActions search={search} />}>
      <NotAllowed role="OPERATOR" what="decide over prospects" />
      <Split
        label="Prospect"
        chosen={search.open}
        close={() => open(undefined)}
        list={
          <ProspectPanel
            {...{ search, change, searchField, list, cursor, outcome, forget, busy }}
            selection={mayDecide ? selection : null}
            decide={(decision, reason) => void decide(decision, reason)}
            open={open}
          />
        }
        detail={
          search.open ? (
            <Suspense fallback={<Loading what="this prospect" rows={10} />}>
              <ProspectDetail
                key={search.open}
                id={search.open}
                known={rows.find(({ id }) => id === search.open)?.displayName}
                busy={busy}
                decide={(id, decision, reason) => review({ ids: [id] }, decision, reason)}
                close={() => open(undefined)}
              />
            </Suspense>
          ) : null
        }
      />
      {search.start && mayDecide && (
        <Suspense>
          {search.start === 'add' && <AddProspect close={() => begin(undefined)} open={(id) => void navigate({ search: { ...search, start: undefined, open: id }, resetScroll: false })} />}
          {search.start === 'import' && <ImportProspects close={() => begin(undefined)} />}
        </Suspense>
      )}
      {confirming && (
        <Suspense>
          <ConfirmAll
            {...confirming}
            {...{ search, busy, review }}
            total={list.value?.total ?? null}
            close={() => setConfirming(null)}
            finished={(found) => {
              setConfirming(null);
              settle(found);
            }}
          />
        </Suspense>
      )}
    </Page>
  );
}
