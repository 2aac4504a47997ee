import { lazy, Suspense, useCallback, useRef } from 'react';
import type { ProspectRowFragment } from '../../../graphql/graphql.ts';
import { ProspectRow, type RowProps } from './ProspectRow.tsx';
import { stringifySearch } from '../../../searchParams.ts';
import type { ProspectsSearch } from '../search.ts';
import classes from './Table.module.css';
import type { Cursor } from './useCursor.ts';
import type { Selection } from './useSelection.ts';

/** Up to so many rows all stand in the page, for the browser's own search and for screen readers; of more, those in sight. */
const mostAtOnce = 200;

const LongBody = lazy(async () => ({ default: (await import('./LongBody.tsx')).LongBody }));

type Props = {
  rows: readonly ProspectRowFragment[];
  /** null where nothing may be selected */
  selection: Selection | null;
  refusals: ReadonlyMap<string, string>;
  cursor: Cursor;
  search: ProspectsSearch;
  open: (id: string) => void;
};

/** The rows of a page, each to be selected and opened. */
export function ProspectTable({ rows, selection, refusals, cursor, search, open }: Props) {
  const latest = useRef({ selection, cursor, open });
  latest.current = { selection, cursor, open };
  const address = `/prospects${stringifySearch({ ...search, open: undefined, start: undefined }) || '?'}&open=`.replace('?&', '?');
  const toggle = useCallback((id: string, range: boolean) => latest.current.selection?.toggle(id, range), []);
  const stand = useCallback((id: string) => latest.current.cursor.stand(id, false), []);

  const openIt = useCallback((id: string) => latest.current.open(id), []);

  const propsOf = (index: number): RowProps => {
    const prospect = rows[index]!;
    const { id } = prospect;
    return {
      prospect,
      place: index + 1,
      isSelected: selection && selection.selected.has(id),
      isOpen: search.open === id,
      address,
      isCurrent: cursor.id === id,
      focus: cursor.id === id ? cursor.focus : 0,
      claim: cursor.claim,
      refusal: refusals.get(id),
      toggle,
      open: openIt,
      stand,
    };
  };
  const isLong = rows.length > mostAtOnce;
  return (
    <table className={classes['table']} aria-label="Prospects" data-long={isLong || undefined} aria-rowcount={isLong ? rows.length + 1 : undefined}>
      <thead>
        <tr aria-rowindex={isLong ? 1 : undefined}>
          {selection && (
            <th scope="col" className={classes['check']}>
              <AllShown rows={rows} selection={selection} />
            </th>
          )}
          <th scope="col" className={classes['who']}>Prospect</th>
          <th scope="col" className={classes['stage']}>Stage</th>
          <th scope="col" className={classes['platform']}>Platform</th>
          <th scope="col" className={classes['followers']}>Followers</th>
          <th scope="col" className={classes['tags']}>Tags</th>
          <th scope="col" className={classes['found']}>Found</th>
        </tr>
      </thead>
      {isLong ? (
        <Suspense fallback={<tbody />}>
          <LongBody rows={rows} cursor={cursor} propsOf={propsOf} />
        </Suspense>
      ) : (
        <tbody>
          {rows.map(({ id }, index) => (
            <ProspectRow key={id} {...propsOf(index)} />
          ))}
        </tbody>
      )}
    </table>
  );
}

function AllShown({ rows, selection: { selected, toggleShown } }: { rows: readonly { id: string }[]; selection: Selection }) {
  const isAll = rows.every(({ id }) => selected.has(id));
  return (
    <input
      type="checkbox"
      aria-label="Select this page"
      checked={isAll}
      ref={(box) => {
        if (box) box.indeterminate = !isAll && selected.size > 0;
      }}
      onChange={toggleShown}
    />
  );
}
