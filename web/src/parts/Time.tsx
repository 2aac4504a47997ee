import { Tooltip } from '@mantine/core';
import { useStore } from '../api/store.ts';
import { clock, timeZone } from './clock.ts';
import { absolute, relative } from './format.ts';
import classes from './parts.module.css';

/** A moment: relative in the text, absolute on hover and on focus (`exact` turns them round). Null is a dash. */
export function Time({ at, exact = false }: { at: string | number | null | undefined; exact?: boolean }) {
  const now = useStore(clock);
  const zone = useStore(timeZone);
  if (at === null || at === undefined) return <span>–</span>;
  const moment = new Date(at);
  const ago = relative(moment.getTime(), now);
  const date = absolute(moment.getTime(), zone);
  return (
    <Tooltip label={exact ? ago : date} events={{ hover: true, focus: true, touch: true }}>
      <time className={classes['time']} dateTime={moment.toISOString()} tabIndex={0}>
        {exact ? date : ago}
      </time>
    </Tooltip>
  );
}
