import type { RefObject } from 'react';
import { useQuery } from 'urql';
import { useStore } from '../../api/store.ts';
import { DraftJobsDocument } from '../../graphql/graphql.ts';
import { FilterBar, Select } from '../../parts/Choices.tsx';
import { timeZone } from '../../parts/clock.ts';
import { absolute, words } from '../../parts/format.ts';
import { SearchField } from '../../parts/SearchField.tsx';
import { channels, defaultOrder, type DraftsSearch, kinds, lints, orderNames, tabOf } from './search.ts';

type Props = { search: DraftsSearch; change: (change: Partial<DraftsSearch>) => void; searchField: RefObject<HTMLInputElement | null> };

/** The filters and the order; each change starts again at the first page. */
export function DraftFilters({ search, change, searchField }: Props) {
  const order = defaultOrder(tabOf(search));
  const { channel, lint, kind } = search;
  return (
    <FilterBar>
      <SearchField text={search.q ?? ''} find={(text) => change({ q: text || undefined })} field={searchField} placeholder="Name or text of the prospect" />
      <Select name="Channel" values={channels} chosen={channel && [channel]} choose={(chosen) => change({ channel: chosen?.[0] })} />
      <Select name="Problems" values={lints} chosen={lint && [lint]} choose={(chosen) => change({ lint: chosen?.[0] })} />
      <Select name="Kind" values={kinds} chosen={kind && [kind]} choose={(chosen) => change({ kind: chosen?.[0] })} />
      <JobSelect job={search.job} choose={(job) => change({ job, status: tabOf(search) })} />
      <Select
        name="Order"
        values={orderNames.filter((name) => name !== order)}
        chosen={search.order && [search.order]}
        choose={(chosen) => change({ order: chosen?.[0] })}
        any={words(order)}
      />
    </FilterBar>
  );
}

/** The latest jobs that wrote drafts, and the chosen one whatever its age. */
function JobSelect({ job, choose }: { job: string | undefined; choose: (job: string | undefined) => void }) {
  const [{ data }] = useQuery({ query: DraftJobsDocument });
  const zone = useStore(timeZone);
  const jobs = data?.jobs?.nodes ?? [];
  const labels = new Map(jobs.map(({ id, type, createdAt }) => [id, `${words(type)}, ${absolute(Date.parse(createdAt), zone)}`]));
  if (job && !labels.has(job)) labels.set(job, 'The chosen job');
  return <Select name="Job" values={[...labels.keys()]} say={(id) => labels.get(id) ?? id} chosen={job ? [job] : undefined} choose={(chosen) => choose(chosen?.[0])} />;
}
