import type { RefObject } from 'react';
import type { Answer } from '../../api/useAnswer.ts';
import type { DraftsQuery } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { plural } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { Paging } from '../../parts/Paging.tsx';
import type { RowKeys } from '../../parts/useRowKeys.ts';
import { DraftFilters } from './DraftFilters.tsx';
import classes from './Drafts.module.css';
import { DraftTable } from './DraftTable.tsx';
import { NoDrafts } from './NoDrafts.tsx';
import { type DraftsSearch, nameOfTab, tabOf } from './search.ts';
import type { useSelection } from './useSelection.ts';

type Props = {
  search: DraftsSearch;
  change: (change: Partial<DraftsSearch>) => void;
  answer: Answer<NonNullable<DraftsQuery['drafts']>>;
  /** how many there are on all pages; null when that is not known */
  total: number | null;
  /** how many drafts could be sent; null when that is not known */
  approved: number | null;
  selection: ReturnType<typeof useSelection>;
  keys: RowKeys;
  openDraft: (id: string) => void;
  searchField: RefObject<HTMLInputElement | null>;
  selectable: boolean;
};

/** The drafts that the filters match, a page of them, each state of the list told apart. */
export function DraftList({ search, change, answer, total, approved, selection, keys, openDraft, searchField, selectable }: Props) {
  const tab = tabOf(search);
  return (
    <Panel title={nameOfTab(tab)} aside={total !== null && plural(total, 'draft')}>
      <DraftFilters search={search} change={change} searchField={searchField} />
      <div className={classes['list']} {...keys.props}>
        <Answered of={answer} what="the list of drafts" rows={10}>
          {({ nodes, pageInfo }) => (
            <>
              {nodes.length === 0 && <NoDrafts search={search} approved={approved} />}
              {nodes.length > 0 && (
                <DraftTable
                  drafts={nodes}
                  chosen={selection.chosen}
                  open={search.open}
                  withStatus={tab === 'ALL'}
                  all={selection.all}
                  toggle={selection.toggle}
                  toggleAll={selection.togglePage}
                  openDraft={openDraft}
                  selectable={selectable}
                />
              )}
              <Paging what="drafts" page={pageInfo} place={search} go={change} />
            </>
          )}
        </Answered>
      </div>
    </Panel>
  );
}
