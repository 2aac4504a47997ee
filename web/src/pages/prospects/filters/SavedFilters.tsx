import { useAnswer } from '../../../api/useAnswer.ts';
import { type ProspectFilter, SavedFiltersDocument } from '../../../graphql/graphql.ts';
import { Select } from '../../../parts/Choices.tsx';
import type { Change, ProspectsSearch } from '../search.ts';
import { conditionsOf, noConditions, searchOf } from './filter.ts';

/** Filters that were kept under a name, for everybody. */
export function SavedFilters({ search, change }: { search: ProspectsSearch; change: Change }) {
  const saved = useAnswer(SavedFiltersDocument, {}, (data) => data.savedFilters?.nodes);
  const known = saved.value ?? [];
  const now = signature(search);
  const current = known.find(({ filter }) => signature(searchOf(filter as ProspectFilter)) === now);
  return (
    <Select
      name="Saved filter"
      values={known.map(({ id }) => id)}
      chosen={current && [current.id]}
      choose={(ids) => {
        const chosen = known.find(({ id }) => id === ids?.[0]);
        change({ ...noConditions, ...(chosen && searchOf(chosen.filter as ProspectFilter)), order: search.order, rows: search.rows, open: search.open });
      }}
      any={saved.error && !saved.value ? 'Could not be read' : known.length === 0 ? 'None yet' : 'None'}
      say={(id) => known.find((one) => one.id === id)?.name ?? ''}
    />
  );
}

/** The same for filters that select the same. */
function signature(search: ProspectsSearch): string {
  return JSON.stringify(conditionsOf(search).map(({ key, text }) => [key, text]));
}
