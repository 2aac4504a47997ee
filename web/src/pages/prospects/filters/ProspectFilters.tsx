import { UnstyledButton } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { type RefObject, useState } from 'react';
import { FilterBar, Select } from '../../../parts/Choices.tsx';
import { SearchField } from '../../../parts/SearchField.tsx';
import { addresses, type Change, draftStatuses, orderNames, platforms, type ProspectsSearch, stages } from '../search.ts';
import classes from './Filters.module.css';
import { MoreFilters } from './MoreFilters.tsx';

type Props = { search: ProspectsSearch; change: Change; searchField: RefObject<HTMLInputElement | null> };

/** The filters and the order; each change starts again at the first page. */
export function ProspectFilters({ search, change, searchField }: Props) {
  const [more, setMore] = useState(false);
  return (
    <FilterBar>
      <SearchField text={search.q ?? ''} find={(text) => change({ q: text || undefined })} field={searchField} placeholder="Name, text or tag" />
      <Select name="Stage" values={stages} chosen={search.stage} choose={(stage) => change({ stage })} />
      <Select name="Platform" values={platforms} chosen={search.platform} choose={(platform) => change({ platform })} />
      <Select name="Draft" values={draftStatuses} chosen={search.draft} choose={(draft) => change({ draft })} />
      <Select name="Address" values={addresses} chosen={search.address && [search.address]} choose={(address) => change({ address: address?.[0] })} />
      <Select name="Order" values={orderNames} chosen={search.order && [search.order]} choose={(order) => change({ order: order?.[0] })} any="Newest" />
      <UnstyledButton className={classes['more']} aria-expanded={more} onClick={() => setMore(!more)}>
        <IconAdjustmentsHorizontal size={16} aria-hidden />
        More filters
      </UnstyledButton>
      {more && <MoreFilters search={search} change={change} />}
    </FilterBar>
  );
}
