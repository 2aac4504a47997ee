import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '../../parts/Empty.tsx';
import { isFiltered, type MessageListTab, type MessagesSearch } from './search.ts';

const nothing: Record<MessageListTab, { title: string; next: ReactNode }> = {
  sent: { title: 'Nothing has been sent yet', next: <Drafts /> },
  waiting: { title: 'No message waits', next: <Drafts /> },
  decide: { title: 'Of every message it is known what became of it', next: 'A message comes here when nobody knows whether it arrived.' },
  failed: { title: 'Nothing has failed, and nothing came back', next: 'A message comes here when it could not be sent, bounced, or was marked as spam.' },
  all: { title: 'There are no messages yet', next: <Drafts /> },
};

/** There is none, and what makes one; or none that the filters match. */
export function EmptyMessages({ tab, search, change }: { tab: MessageListTab; search: MessagesSearch; change: (to: Partial<MessagesSearch>) => void }) {
  if (search.after || search.before) {
    return (
      <Empty title="Nothing is left on this page of the list">
        <Button size="xs" variant="default" mt="xs" onClick={() => change({})}>
          Go to the first page
        </Button>
      </Empty>
    );
  }
  if (isFiltered(search)) {
    return (
      <Empty title="No message matches these filters">
        <Button size="xs" variant="default" mt="xs" onClick={() => change({ q: undefined, channel: undefined, status: undefined, job: undefined })}>
          Clear the filters
        </Button>
      </Empty>
    );
  }
  const { title, next } = nothing[tab];
  return (
    <Empty title={title}>
      <p>{next}</p>
    </Empty>
  );
}

function Drafts() {
  return (
    <>
      Messages are made of approved drafts: <Link to="/drafts">go to the drafts</Link>.
    </>
  );
}
