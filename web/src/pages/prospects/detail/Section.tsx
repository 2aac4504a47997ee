import { type ReactNode, useId } from 'react';
import classes from './Detail.module.css';

/** A part of what is known of a prospect. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes['section']} aria-labelledby={id}>
      <h3 id={id}>
        {title}
        {aside && <span>{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

/** That there is nothing, in one quiet line. */
export function None({ children }: { children: ReactNode }) {
  return <p className={classes['none']}>{children}</p>;
}
