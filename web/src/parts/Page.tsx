import { type ReactNode, useEffect } from 'react';
import classes from './parts.module.css';

/** A page: its title (also the window's), what can be done here, and the content. */
export function Page({ title, badge, actions, children }: { title: string; badge?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Outrider`;
  }, [title]);
  return (
    <div className={classes['page']}>
      <header className={classes['heading']}>
        <div className={classes['actions']} style={{ alignItems: 'center' }}>
          <h1>{title}</h1>
          {badge}
        </div>
        {actions && <div className={classes['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A framed part of a page. */
export function Panel({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes['panel']} aria-label={title}>
      <div className={classes['panelHead']}>
        <h2>{title}</h2>
        {aside && <div className={classes['aside']}>{aside}</div>}
      </div>
      {children}
    </section>
  );
}
