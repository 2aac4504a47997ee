import type { ReactNode } from 'react';
import { Form } from '../../parts/Field.tsx';
import { NotAllowed } from '../../parts/NotAllowed.tsx';
import classes from './Settings.module.css';

/** A form over settings; for whoever may not change them, one to read that says so. */
export function SettingsForm({ children }: { children: ReactNode }) {
  return (
    <Form onSubmit={(event) => event.preventDefault()} className={classes['form']}>
      <NotAllowed role="ADMIN" what="change settings" />
      {children}
    </Form>
  );
}
