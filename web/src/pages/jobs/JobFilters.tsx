import { FilterBar, Select, TypedChoice } from '../../parts/Choices.tsx';
import { type JobsSearch, jobOrderNames, jobStatuses, jobTypes } from './search.ts';

type Props = { search: JobsSearch; change: (change: Partial<JobsSearch>) => void };

/** The filters and the order; each change starts again at the first page. */
export function JobFilters({ search, change }: Props) {
  const { status, type, from, to, order } = search;
  return (
    <FilterBar>
      {/* Several states are a tab's doing, and shown there. */}
      <Select name="Status" values={jobStatuses} chosen={status?.length === 1 ? status : undefined} choose={(chosen) => change({ status: chosen })} />
      <Select name="Type" values={jobTypes} chosen={type} choose={(chosen) => change({ type: chosen })} />
      <TypedChoice name="Created from (UTC)" type="date" max={to} value={from} change={(day) => change({ from: day })} />
      <TypedChoice name="Created until (UTC)" type="date" min={from} value={to} change={(day) => change({ to: day })} />
      <Select name="Order" values={jobOrderNames.slice(1)} chosen={order && [order]} choose={(chosen) => change({ order: chosen?.[0] })} any="Newest" />
    </FilterBar>
  );
}
