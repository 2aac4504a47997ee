import { Link, type LinkProps } from '@tanstack/react-router';
import { count as numberOf } from './format.ts';
import { useEffect, useRef } from 'react';
import classes from './Tabs.module.css';

type Tab = { label: string; count?: number | null | undefined; to: LinkProps['to']; search?: object; params?: object };

/** Parts of one page, each with an address of its own; where there is no room for all, the current one is in sight. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly (Tab & { current: boolean })[] }) {
  const nav = useRef<HTMLElement>(null);
  const shown = tabs.find(({ current }) => current)?.label;
  // Only sideways: scrollIntoView would move the page too.
  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>('[data-current]');
    if (nav.current && link) nav.current.scrollLeft = link.offsetLeft - nav.current.offsetLeft - (nav.current.clientWidth - link.offsetWidth) / 2;
  }, [shown]);
  return (
    <nav ref={nav} className={classes['tabs']} aria-label={label}>
      {tabs.map(({ label: name, current, count, ...link }) => (
        <Link key={name} {...(link as LinkProps)} aria-current={current ? 'page' : undefined} data-current={current || undefined} resetScroll={false}>
          {name}
          {count !== undefined && count !== null && <span>{numberOf(count)}</span>}
        </Link>
      ))}
    </nav>
  );
}
