import { CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './Split.module.css';

type Props = {
  list: ReactNode;
  /** of what is chosen in the list; null where nothing is */
  detail: ReactNode | null;
  /** the name of the detail, to assistive technology */
  label: string;
  /** names what is chosen: another one takes the detail back to its top */
  chosen: string | undefined;
  close: () => void;
};

/** A list, and beside it what is chosen of it. Where there is no room for both, the detail lies over the list. */
export function Split({ list, detail, label, chosen, close }: Props) {
  const aside = useRef<HTMLElement>(null);
  useEffect(() => {
    aside.current?.scrollTo({ top: 0 });
  }, [chosen]);
  return (
    <div className={classes['split']} data-open={detail !== null || undefined}>
      <div className={classes['list']}>{list}</div>
      {detail !== null && (
        <aside ref={aside} className={classes['detail']} aria-label={label}>
          <CloseButton className={classes['close']} aria-label={`Close the ${label.toLowerCase()}`} onClick={close} />
          {detail}
        </aside>
      )}
    </div>
  );
}
