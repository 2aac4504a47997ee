import type { JobsQuery, JobStatus } from '../../graphql/graphql.ts';
import { Tabs } from '../../parts/Tabs.tsx';
import { isGroup, type JobsSearch, statusGroups } from './search.ts';

type Counted = Pick<JobsQuery, 'every' | keyof typeof statusGroups>;

const tabs = [
  ['Active', 'active'],
  ['With errors', 'withErrors'],
  ['Succeeded', 'succeeded'],
  ['Cancelled', 'cancelled'],
] as const;

/** How many jobs there are in each state, and the way to them; the other filters stay. */
export function StatusTabs({ search, counts }: { search: JobsSearch; counts: Counted | undefined }) {
  const to = (status?: readonly JobStatus[]) => ({ to: '/jobs' as const, search: { ...search, status, after: undefined, before: undefined, start: undefined } });
  return (
    <Tabs
      label="Jobs by state"
      tabs={[
        { label: 'All', count: counts?.every?.totalCount, current: search.status === undefined, ...to() },
        ...tabs.map(([label, group]) => ({ label, count: counts?.[group]?.totalCount, current: isGroup(search.status, statusGroups[group]), ...to(statusGroups[group]) })),
      ]}
    />
  );
}
