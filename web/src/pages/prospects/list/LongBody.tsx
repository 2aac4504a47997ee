import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ProspectRow, type RowProps } from './ProspectRow.tsx';
import type { Cursor } from './useCursor.ts';

const usualHeight = 76;
const overscan = 12;

type Props = { rows: readonly { id: string }[]; cursor: Cursor; propsOf: (index: number) => RowProps };

/** Thousands of rows, of which only those in sight stand in the page, and the one that the keyboard stands on. */
export function LongBody({ rows, cursor, propsOf }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [above, setAbove] = useState(0);
  const current = rows.findIndex(({ id }) => id === cursor.id);
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised by a compiler
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    overscan,
    estimateSize: () => usualHeight,
    getItemKey: (index) => rows[index]!.id,
    scrollMargin: above,
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      return current < 0 || inSight.includes(current) ? inSight : [...inSight, current].toSorted((a, b) => a - b);
    },
  });
  // What stands above the rows may have grown with the page, such as a notice.
  useLayoutEffect(() => {
    const top = Math.round((body.current?.getBoundingClientRect().top ?? 0) + scrollY);
    setAbove(top);
  }, [propsOf]);
  const latest = useRef({ virtualizer, current });
  latest.current = { virtualizer, current };
  const followed = useRef(cursor.focus);
  useEffect(() => {
    if (cursor.focus === followed.current) return;
    followed.current = cursor.focus;
    if (latest.current.current >= 0) latest.current.virtualizer.scrollToIndex(latest.current.current, { align: 'auto' });
  }, [cursor.focus]);

  const items = virtualizer.getVirtualItems();
  const end = items.at(-1)?.end ?? above;
  return (
    <tbody ref={body}>
      {items.map(({ key, index, start }, place) => (
        <Fragment key={String(key)}>
          <Gap height={start - (items[place - 1]?.end ?? above)} />
          <ProspectRow {...propsOf(index)} isPartial measure={virtualizer.measureElement} />
        </Fragment>
      ))}
      <Gap height={above + virtualizer.getTotalSize() - end} />
    </tbody>
  );
}

/** The place of rows that do not stand in the page. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return <tr aria-hidden style={{ height }} />;
}
