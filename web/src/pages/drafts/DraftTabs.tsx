import { Tabs } from '../../parts/Tabs.tsx';
import { type DraftsSearch, type DraftTab, nameOfTab, tabOf } from './search.ts';
import type { TabCounts } from './useDraftLists.ts';

/** The states of a draft, with how many the other filters leave in each. */
export function DraftTabs({ search, counts }: { search: DraftsSearch; counts: TabCounts }) {
  const current = tabOf(search);
  const shown = new Set<DraftTab>(['PENDING_REVIEW', 'APPROVED', 'REJECTED', 'SENT', 'ALL', current]);
  const { q, channel, lint, kind, job, prospect } = search;
  return (
    <Tabs
      label="Drafts by status"
      tabs={[...shown].map((tab) => ({
        label: nameOfTab(tab),
        count: counts[tab] ?? undefined,
        current: tab === current,
        to: '/drafts',
        search: { q, channel, lint, kind, job, prospect, status: tab },
      }))}
    />
  );
}
