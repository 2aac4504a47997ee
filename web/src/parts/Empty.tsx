import type { ReactNode } from 'react';
import classes from './parts.module.css';

/** There is nothing, and that is known. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes['empty']}>
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}
