import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../../../api/useAnswer.ts';
import { SavedFilterListDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { plural } from '../../../parts/format.ts';
import { NotAllowed } from '../../../parts/NotAllowed.tsx';
import { Panel } from '../../../parts/Page.tsx';
import { pageArguments, Paging } from '../../../parts/Paging.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';
import { Outcome } from '../../../parts/form/Outcome.tsx';
import { useAction } from '../../../parts/form/useAction.ts';
import { SavedFilterTable } from './SavedFilterTable.tsx';

const route = getRouteApi('/settings');

/** Filters of prospects that are kept under a name, for everybody. */
export function SavedFilterSection() {
  const { after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const filters = useAnswer(SavedFilterListDocument, pageArguments({ after, before }, 50), (data) => data.savedFilters);
  const { outcome, run } = useAction();
  useRefresh(true, 10_000, filters.again);
  const total = filters.value?.totalCount;
  return (
    <Panel title="Saved filters" aside={total != null && plural(total, 'filter')}>
      <NotAllowed role="OPERATOR" what="delete saved filters" />
      <Outcome of={outcome} />
      <Answered of={filters} what="the saved filters">
        {({ nodes, pageInfo }) => (
          <>
            {nodes.length === 0 ? (
              <Empty title="No filter is saved yet">
                <p>
                  Filter the <Link to="/prospects">prospects</Link>, then save the filter under a name; everybody has it.
                </p>
              </Empty>
            ) : (
              <SavedFilterTable filters={nodes} run={run} />
            )}
            <Paging
              what="saved filters"
              page={pageInfo}
              place={{ after, before }}
              go={(place) => void navigate({ search: (old) => ({ ...old, after: undefined, before: undefined, ...place }), resetScroll: false })}
            />
          </>
        )}
      </Answered>
    </Panel>
  );
}
