import { Button } from '@mantine/core';
import type { RefObject } from 'react';
import { FilterBar, Select } from '../../parts/Choices.tsx';
import { SearchField } from '../../parts/SearchField.tsx';
import { channels, type MessageListTab, type MessagesSearch, statusesOf } from './search.ts';

type Props = {
  tab: MessageListTab;
  search: MessagesSearch;
  change: (to: Partial<MessagesSearch>) => void;
  searchField: RefObject<HTMLInputElement | null>;
};

/** What narrows a list of messages. */
export function MessageFilters({ tab, search, change, searchField }: Props) {
  const statuses = statusesOf[tab];
  return (
    <FilterBar>
      <SearchField text={search.q ?? ''} find={(q) => change({ q: q || undefined })} field={searchField} placeholder="Name or handle of the recipient" />
      <Select name="Channel" values={channels} chosen={search.channel} choose={(channel) => change({ channel })} />
      {statuses.length > 1 && <Select name="State" values={statuses} chosen={search.status} choose={(status) => change({ status })} />}
      {search.job && (
        <Button size="sm" variant="default" onClick={() => change({ job: undefined })}>
          Of every job
        </Button>
      )}
    </FilterBar>
  );
}
