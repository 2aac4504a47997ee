import { CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './Split.module.css';

type Props = {
  list: ReactNode;
  /** of what is chosen in the list; null where nothing is */
  detail: ReactNode | null;
  /** the name of the detail, to assistive technology */
  label: string;
  /** the id of what is chosen: another one takes the detail back to its top */
  chosen: string | undefined;
  close: () => void;
};

/**
 * A list, and beside it what is chosen of it. Where there is no room for both, the detail lies over the list. The focus
 * goes into the detail, and when that closes back to the element of the list with `data-row={id}`.
 */
export function Split({ list, detail, label, chosen, close }: Props) {
  const rows = useRef<HTMLDivElement>(null);
  const aside = useRef<HTMLElement>(null);
  const before = useRef(chosen);
  useEffect(() => {
    if (before.current === chosen) return;
    const left = before.current;
    before.current = chosen;
    aside.current?.scrollTo({ top: 0 });
    if (chosen !== undefined) {
      aside.current?.focus({ preventScroll: true });
      if ((aside.current?.getBoundingClientRect().top ?? 0) < 0) aside.current?.scrollIntoView();
    } else if (left !== undefined && document.activeElement === document.body) {
      // Where something else took the focus while it closed (a link to another tab), it stays.
      (rows.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(left)}"]`) ?? rows.current)?.focus();
    }
  }, [chosen]);
  return (
    <div className={classes['split']} data-open={detail !== null || undefined}>
      <div ref={rows} className={classes['list']} tabIndex={-1}>
        {list}
      </div>
      {detail !== null && (
        <aside ref={aside} className={classes['detail']} aria-label={label} tabIndex={-1}>
          <CloseButton className={classes['close']} aria-label={`Close the ${label.charAt(0).toLowerCase()}${label.slice(1)}`} onClick={close} />
          {detail}
        </aside>
      )}
    </div>
  );
}
