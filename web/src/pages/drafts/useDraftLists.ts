import { useAnswer } from '../../api/useAnswer.ts';
import { DraftCountsDocument, DraftsDocument } from '../../graphql/graphql.ts';
import { pageArguments } from '../../parts/Paging.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { defaultOrder, type DraftsSearch, type DraftTab, filterOf, orders, tabOf } from './search.ts';

const pageSize = 50;
const refreshMs = 10_000;

export type TabCounts = Readonly<Partial<Record<DraftTab, number | null>>>;

/** One page of the drafts that an address stands for, and how many there are on each of its tabs; both are renewed while somebody looks. */
export function useDraftLists(search: DraftsSearch) {
  const tab = tabOf(search);
  const selected = { channel: search.channel, filter: filterOf(search) };
  const list = useAnswer(DraftsDocument, { ...selected, orderBy: orders[search.order ?? defaultOrder(tab)], ...pageArguments(search, pageSize) }, (data) => data.drafts);
  const counted = useAnswer(
    DraftCountsDocument,
    {
      channel: search.channel,
      toReview: filterOf(search, 'PENDING_REVIEW'),
      approved: filterOf(search, 'APPROVED'),
      rejected: filterOf(search, 'REJECTED'),
      sent: filterOf(search, 'SENT'),
      all: filterOf(search, 'ALL'),
    },
    (data) => data,
  );
  useRefresh(true, refreshMs, () => {
    list.again();
    counted.again();
  });
  const { toReview, approved, rejected, sent, all } = counted.value ?? {};
  const counts: TabCounts = {
    PENDING_REVIEW: toReview?.totalCount, APPROVED: approved?.totalCount, REJECTED: rejected?.totalCount, SENT: sent?.totalCount, ALL: all?.totalCount,
  };
  return { list, counts, total: counts[tab] ?? null, /** what the list is a page of */ selected };
}
