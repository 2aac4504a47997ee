import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { count } from '../format.ts';
import type { ToneName } from '../Tone.tsx';
import classes from './BarList.module.css';

/** One bar: what is counted, how often, and where it leads. */
export interface Bar {
  label: string;
  count: number;
  /** below it: an example, a reason */
  note?: ReactNode;
  link?: { to: LinkProps['to']; params?: Record<string, string>; search?: Record<string, unknown> };
  /** the one that the page is filtered by */
  current?: boolean;
}

type Props = {
  label: string;
  bars: readonly Bar[];
  /** what the shares are of; the sum of the bars unless there is more than they show */
  total?: number;
  tone?: ToneName;
};

const percent = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** Counts side by side, each with its share, longest as wide as its share is. It reads as a list of names and numbers. */
export function BarList({ label, bars, total = bars.reduce((sum, bar) => sum + bar.count, 0), tone = 'good' }: Props) {
  return (
    <ul className={classes['bars']} aria-label={label} data-tone={tone}>
      {bars.map((bar) => (
        <li key={bar.label}>
          <Row bar={bar}>
            <span className={classes['label']}>{bar.label}</span>{' '}
            <span className={classes['count']}>{count(bar.count)}</span>{' '}
            <span className={classes['share']}>{percent.format(total === 0 ? 0 : (bar.count / total) * 100)} %</span>
            <span className={classes['track']} aria-hidden>
              <span style={{ width: `max(${total === 0 ? 0 : Math.min(1, bar.count / total) * 100}%, ${bar.count > 0 ? 3 : 0}px)` }} />
            </span>
          </Row>
          {bar.note && <div className={classes['note']}>{bar.note}</div>}
        </li>
      ))}
    </ul>
  );
}

function Row({ bar: { link, current }, children }: { bar: Bar; children: ReactNode }) {
  if (!link) return <div className={classes['row']}>{children}</div>;
  return (
    <Link {...(link as LinkProps)} className={classes['row']} aria-current={current || undefined} data-current={current || undefined} resetScroll={false}>
      {children}
    </Link>
  );
}
