import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useAnswer } from '../../api/useAnswer.ts';
import { MessageCountsDocument } from '../../graphql/graphql.ts';
import { Loading } from '../../parts/Loading.tsx';
import { NotAllowed } from '../../parts/NotAllowed.tsx';
import { Page } from '../../parts/Page.tsx';
import { Tabs } from '../../parts/Tabs.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { MessageList } from './MessageList.tsx';
import { type MessagesTab, tabNames, tabs } from './search.ts';

const Replies = lazy(async () => ({ default: (await import('./Replies.tsx')).Replies }));
const Suppressions = lazy(async () => ({ default: (await import('./Suppressions.tsx')).Suppressions }));
const route = getRouteApi('/messages');

/** What was sent, what waits and why, what a person has to decide, and what came back. */
export function MessagesPage() {
  const { tab = 'sent' } = route.useSearch();
  const counts = useCounts();
  return (
    <Page title="Messages">
      <NotAllowed role="OPERATOR" what="decide about messages, cancel them or suppress anybody" />
      <Tabs
        label="Messages"
        tabs={tabs.map((name) => ({ label: tabNames[name], current: name === tab, count: counts[name], to: '/messages', search: { tab: name === 'sent' ? undefined : name } }))}
      />
      <Suspense fallback={<Loading what={tabNames[tab].toLowerCase()} rows={8} />}>
        {tab === 'replies' ? <Replies /> : tab === 'suppressions' ? <Suppressions /> : <MessageList key={tab} tab={tab} />}
      </Suspense>
    </Page>
  );
}

/** How many there are of what asks for attention; nothing where that is not known. */
function useCounts(): Partial<Record<MessagesTab, number | null>> {
  const { value, again } = useAnswer(MessageCountsDocument, {}, (data) => data);
  useRefresh(true, 10_000, again);
  const byHand = value?.waitingMessages?.find(({ reason }) => reason === 'BY_HAND')?.count ?? 0;
  const unknown = value?.unknown?.totalCount;
  return {
    waiting: value?.waiting?.totalCount,
    decide: unknown === undefined || unknown === null ? unknown : unknown + byHand,
    failed: value?.failed?.totalCount,
  };
}
