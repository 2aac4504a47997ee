import type { RefObject } from 'react';
import type { Answer } from '../../../api/useAnswer.ts';
import type { ReviewDecision } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { Failure } from '../../../parts/Failure.tsx';
import { count, plural } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Page.tsx';
import { Paging } from '../../../parts/Paging.tsx';
import { Conditions } from '../filters/Conditions.tsx';
import { conditionsOf, noConditions } from '../filters/filter.ts';
import { ProspectFilters } from '../filters/ProspectFilters.tsx';
import { ReviewBar } from '../review/ReviewBar.tsx';
import { ReviewRefusals } from '../review/ReviewRefusals.tsx';
import type { ReviewOutcome } from '../review/useReview.ts';
import type { Change, ProspectsSearch } from '../search.ts';
import classes from './Panel.module.css';
import { NoProspects } from './NoProspects.tsx';
import { ProspectTable } from './ProspectTable.tsx';
import { RowsPerPage } from './RowsPerPage.tsx';
import type { Cursor } from './useCursor.ts';
import type { ProspectList } from './useProspects.ts';
import type { Selection } from './useSelection.ts';

type Props = {
  search: ProspectsSearch;
  change: Change;
  searchField: RefObject<HTMLInputElement | null>;
  list: Answer<ProspectList>;
  cursor: Cursor;
  /** null where nothing may be decided */
  selection: Selection | null;
  outcome: ReviewOutcome | null;
  forget: () => void;
  busy: boolean;
  decide: (decision: ReviewDecision, reason?: string) => void;
  open: (id: string) => void;
};

const none: ReadonlyMap<string, string> = new Map();

/** The filters, the rows, and what can be done with those that are selected. */
export function ProspectPanel({ search, change, searchField, list, cursor, selection, outcome, forget, busy, decide, open }: Props) {
  const { value } = list;
  const isFiltered = conditionsOf(search).length > 0;
  return (
    <div className={classes['panel']}>
      <Panel title={isFiltered ? 'Prospects that match' : 'All prospects'} aside={value && value.total !== null && `${plural(value.total, 'prospect')} ${value.total === 1 ? 'matches' : 'match'}`}>
        <ProspectFilters search={search} change={change} searchField={searchField} />
        <Conditions search={search} change={change} />
        <div className={classes['refusals']}>
          <ReviewRefusals outcome={outcome} dismiss={forget} />
        </div>
        <Answered of={list} what="the list of prospects" rows={10}>
          {({ rows, wanted, stopped, ends, total }) =>
            rows.length === 0 ? (
              <NoProspects isFiltered={isFiltered} clear={() => change(noConditions)} />
            ) : (
              <>
                <Gathering read={rows.length} wanted={wanted} />
                <ProspectTable rows={rows} selection={selection} refusals={outcome?.refusals ?? none} cursor={cursor} search={search} open={open} />
                {stopped && <Failure title={`The rows after the ${count(rows.length)}th could not be read`} error={stopped} retry={list.again} />}
                {selection && <ReviewBar selection={selection} shown={rows} total={total} busy={busy} decide={decide} />}
                <div className={classes['foot']}>
                  <RowsPerPage rows={search.rows} change={change} />
                  <Paging what="prospects" page={ends} place={search} go={change} />
                </div>
              </>
            )
          }
        </Answered>
      </Panel>
    </div>
  );
}

/** How far a long page has come. */
function Gathering({ read, wanted }: { read: number; wanted: number | null }) {
  if (wanted === null || read >= wanted) return null;
  return (
    <div className={classes['gathering']}>
      <progress value={read} max={wanted} aria-label="Rows that are read" />
      <span>
        {count(read)} of {count(wanted)} rows read
      </span>
    </div>
  );
}
