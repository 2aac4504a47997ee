import type { ReactNode } from 'react';
import classes from './parts.module.css';

/** For those who do not see what stands around it. */
export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className={classes['hidden']}>{children}</span>;
}
