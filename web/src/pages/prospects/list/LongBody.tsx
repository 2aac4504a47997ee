import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useLayoutEffect, useRef, useState } from 'react';
import { ProspectRow, type RowProps } from './ProspectRow.tsx';
import type { Cursor } from './useCursor.ts';

const usualHeight = 84;
const overscan = 12;
const block = 6;

type Props = { rows: readonly { id: string }[]; cursor: Cursor; propsOf: (index: number) => RowProps };

/** Thousands of rows, of which only those in sight stand in the page, and the one that the keyboard stands on. All are of one height. */
export function LongBody({ rows, cursor, propsOf }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [{ above, height }, setPlace] = useState({ above: 0, height: usualHeight });
  const current = rows.findIndex(({ id }) => id === cursor.id);
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised by a compiler
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    overscan,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]!.id,
    scrollMargin: above,
    useFlushSync: false,
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(inBlocks(range));
      return current < 0 || inSight.includes(current) ? inSight : [...inSight, current].toSorted((a, b) => a - b);
    },
  });
  // What stands above the rows may have grown with the page, and the rows with its width.
  useLayoutEffect(() => {
    const place = placeOf(body.current);
    setPlace((before) => (before.above === place.above && before.height === place.height ? before : place));
  }, [propsOf]);
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, height]);

  const items = virtualizer.getVirtualItems();
  const end = items.at(-1)?.end ?? above;
  return (
    <tbody ref={body}>
      {items.map(({ key, index, start }, place) => (
        <Fragment key={String(key)}>
          <Gap height={start - (items[place - 1]?.end ?? above)} />
          <ProspectRow {...propsOf(index)} isPartial />
        </Fragment>
      ))}
      <Gap height={above + virtualizer.getTotalSize() - end} />
    </tbody>
  );
}

/** Rows come and go by the block, not one in every frame: between two blocks scrolling changes nothing in the page. */
function inBlocks({ startIndex, endIndex, ...rest }: Range): Range {
  return { ...rest, startIndex: Math.floor(startIndex / block) * block, endIndex: Math.min(rest.count - 1, Math.ceil((endIndex + 1) / block) * block - 1) };
}

function placeOf(body: HTMLElement | null): { above: number; height: number } {
  const row = body?.querySelector('tr:not([aria-hidden])');
  return { above: Math.round((body?.getBoundingClientRect().top ?? 0) + scrollY), height: row?.getBoundingClientRect().height || usualHeight };
}

/** The place of rows that do not stand in the page. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return <tr aria-hidden style={{ height }} />;
}
