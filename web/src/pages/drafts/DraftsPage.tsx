import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { useViewer } from '../../api/useViewer.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { NotAllowed } from '../../parts/NotAllowed.tsx';
import { Page } from '../../parts/Page.tsx';
import { Split } from '../../parts/Split.tsx';
import { useRowKeys } from '../../parts/useRowKeys.ts';
import { DraftList } from './DraftList.tsx';
import { DraftTabs } from './DraftTabs.tsx';
import { type ReadDraft, readDraft } from './readDraft.ts';
import { RejectDialog } from './RejectDialog.tsx';
import { ReviewOutcome } from './ReviewOutcome.tsx';
import { type DraftsSearch, tabOf } from './search.ts';
import { SelectionBar } from './SelectionBar.tsx';
import { useDraftKeys } from './useDraftKeys.ts';
import { useDraftLists } from './useDraftLists.ts';
import { useGather } from './useGather.ts';
import { useReview } from './useReview.ts';
import { useSelection } from './useSelection.ts';

const DraftPane = lazy(async () => ({ default: (await import('./DraftPane.tsx')).DraftPane }));
const Starts = lazy(async () => ({ default: (await import('./Starts.tsx')).Starts }));

const route = getRouteApi('/drafts');

/** Drafts to read, to edit and to decide on; filters, order, place and the open draft live in the address. */
export function DraftsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isOperator = useViewer().may('OPERATOR');
  const { open, channel, job, start } = search;
  const { list, counts, total, selected } = useDraftLists(search);
  const rows = (list.value?.nodes ?? []).map(readDraft);
  const openRow = rows.find(({ id }) => id === open);
  // It keeps its name when it is decided on and leaves the list.
  const [named, name] = useState(openRow);
  if (openRow && (openRow.id !== named?.id || openRow.name !== named.name)) name(openRow);
  const openName = named?.id === open ? named?.name : undefined;
  const [sending, setSending] = useState<readonly ReadDraft[] | null>(null);
  const searchField = useRef<HTMLInputElement>(null);

  const change = (to: Partial<DraftsSearch>) => void navigate({ search: { ...search, after: undefined, before: undefined, ...to }, resetScroll: false });
  const startDialog = (dialog: DraftsSearch['start']) => void navigate({ search: { ...search, start: dialog }, resetScroll: false });
  // From draft to draft is one step of the history: back leads to the list.
  const go = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, open: id }), resetScroll: false, replace: open !== undefined && id !== undefined });

  const selection = useSelection(rows, JSON.stringify({ ...selected, tab: tabOf(search) }));
  const keys = useRowKeys({ ids: rows.map(({ id }) => id), open, choose: go, selection: isOperator ? selection : undefined });
  const chosen = [...selection.chosen.values()];
  const gathering = useGather(selection.choose);
  const review = useReview({ rows, open, go, focus: keys.focus, selection });
  useDraftKeys({ isOperator, open, rows, keys, selection, review, search: () => searchField.current?.focus() });

  return (
    <Page
      title="Drafts"
      actions={
        isOperator && (
          <>
            <Button variant="default" onClick={() => startDialog('follow-up')}>
              Follow up
            </Button>
            <Button onClick={() => startDialog('send')}>Send approved</Button>
          </>
        )
      }
    >
      <NotAllowed role="OPERATOR" what="edit, approve or send drafts" />
      <DraftTabs search={search} counts={counts} />
      {review.outcome && !review.refusal && <ReviewOutcome outcome={review.outcome} undo={review.undo} busy={review.busy} forget={review.forget} />}
      {gathering.error && <Failure title="Not all drafts could be read, so that none was selected" error={gathering.error} />}
      <Split
        label={openName === undefined ? 'Draft' : `Draft for ${openName}`}
        chosen={open}
        close={() => go(undefined)}
        list={
          <DraftList
            search={search}
            change={change}
            answer={list}
            total={total}
            approved={counts.APPROVED ?? null}
            selection={selection}
            keys={keys}
            openDraft={go}
            searchField={searchField}
            selectable={isOperator}
          />
        }
        detail={
          open === undefined ? null : (
            <Suspense fallback={<Loading what="the draft" rows={8} />}>
              <DraftPane
                key={open}
                id={open}
                name={openName}
                refusal={review.refusal}
                busy={review.busy}
                hasKeys={chosen.length === 0}
                decide={(draft, decision) => review.decide([draft], decision)}
                send={(draft) => setSending([draft])}
                close={() => go(undefined)}
              />
            </Suspense>
          )
        }
      />
      <SelectionBar
        chosen={chosen}
        total={total}
        reading={gathering.read}
        progress={review.progress}
        chooseAll={() => void gathering.start(selected)}
        clear={selection.clear}
        stop={gathering.read === null ? review.stop : gathering.stop}
        decide={review.decide}
        send={setSending}
      />
      <RejectDialog drafts={review.rejecting} close={review.keep} reject={review.reject} />
      {isOperator && (start ?? sending) && (
        <Suspense>
          <Starts
            start={sending ? 'send' : start}
            drafts={sending}
            channel={channel}
            job={job}
            close={() => (sending ? setSending(null) : startDialog(undefined))}
          />
        </Suspense>
      )}
    </Page>
  );
}
