import { Link, type LinkProps } from '@tanstack/react-router';
import { count as numberOf } from './format.ts';
import classes from './Tabs.module.css';

type Tab = { label: string; count?: number | null | undefined; to: LinkProps['to']; search?: object; params?: object };

/** Parts of one page, each with an address of its own. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly (Tab & { current: boolean })[] }) {
  return (
    <nav className={classes['tabs']} aria-label={label}>
      {tabs.map(({ label: name, current, count, ...link }) => (
        <Link key={name} {...(link as LinkProps)} aria-current={current ? 'page' : undefined} data-current={current || undefined} resetScroll={false}>
          {name}
          {count !== undefined && count !== null && <span>{numberOf(count)}</span>}
        </Link>
      ))}
    </nav>
  );
}
