import { Tooltip } from '@mantine/core';
import { memo, useSyncExternalStore } from 'react';
import { useStore } from '../api/store.ts';
import { clock, timeZone } from './clock.ts';
import { absolute, relative } from './format.ts';
import classes from './parts.module.css';

type Props = {
  at: string | number | null | undefined;
  /** the absolute time in the text, the relative one on hover */
  exact?: boolean;
  /** for lists of many: without a stop of the keyboard, because something else shows the moment in full */
  plain?: boolean;
};

/** A moment: relative in the text, absolute on hover and on focus (`exact` turns them round). Null is a dash. */
export const Time = memo(function Time({ at, exact = false, plain = false }: Props) {
  const zone = useStore(timeZone);
  const time = at === null || at === undefined ? null : new Date(at).getTime();
  // Only another text is another rendering, not every second.
  const ago = useSyncExternalStore(clock.subscribe, () => (time === null ? '' : relative(time, clock.get())));
  if (time === null) return <span>–</span>;
  const moment = new Date(time).toISOString();
  const date = absolute(time, zone);
  const text = exact ? date : ago;
  const other = exact ? ago : date;
  if (plain) {
    return (
      <time className={classes['time']} dateTime={moment} title={other}>
        {text}
      </time>
    );
  }
  return (
    // Inside the page's main landmark, where assistive technology looks for it.
    <Tooltip label={other} portalProps={{ target: '#content' }} events={{ hover: true, focus: true, touch: true }}>
      <time className={classes['time']} dateTime={moment} tabIndex={0}>
        {text}
      </time>
    </Tooltip>
  );
});
