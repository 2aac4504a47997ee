import type { ReactNode } from 'react';
import classes from './parts.module.css';

/** Something wide that scrolls inside its own frame, with the keyboard too; the page never scrolls sideways. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes['scroll']} role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
