import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { FilterBar, Select } from '../../parts/Choices.tsx';
import choices from '../../parts/Choices.module.css';
import { addresses, draftStatuses, orderNames, platforms, type ProspectsSearch, stages } from './search.ts';

type Props = { search: ProspectsSearch; change: (change: Partial<ProspectsSearch>) => void; searchField: RefObject<HTMLInputElement | null> };

const typingMs = 300;

/** The filters and the order; each change starts again at the first page. */
export function ProspectFilters({ search, change, searchField }: Props) {
  return (
    <FilterBar>
      <SearchField text={search.search ?? ''} find={(text) => change({ search: text || undefined })} field={searchField} />
      <Select name="Stage" values={stages} chosen={search.stage} choose={(stage) => change({ stage })} />
      <Select name="Platform" values={platforms} chosen={search.platform} choose={(platform) => change({ platform })} />
      <Select name="Draft" values={draftStatuses} chosen={search.draft} choose={(draft) => change({ draft })} />
      <Select name="Address" values={addresses} chosen={search.address && [search.address]} choose={(address) => change({ address: address?.[0] })} />
      <Select name="Order" values={orderNames} chosen={search.order && [search.order]} choose={(order) => change({ order: order?.[0] })} any="Newest" />
    </FilterBar>
  );
}

function SearchField({ text, find, field }: { text: string; find: (text: string) => void; field: Props['searchField'] }) {
  const [typed, setTyped] = useState(text);
  const sent = useRef(text);
  const send = useDebouncedCallback((value: string) => {
    sent.current = value;
    find(value);
  }, typingMs);
  // Back and forward change the field; the echo of what was typed does not, for more may have been typed since.
  useEffect(() => {
    if (text === sent.current) return;
    sent.current = text;
    setTyped(text);
  }, [text]);
  function type(value: string) {
    setTyped(value);
    send(value);
  }

  return (
    <label className={choices['choice']} style={{ flex: '1 1 12rem' }}>
      <span>Search</span>
      <input ref={field} type="search" value={typed} placeholder="Name, text or tag" onChange={(event) => type(event.currentTarget.value)} />
    </label>
  );
}
