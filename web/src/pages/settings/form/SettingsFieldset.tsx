import type { ReactNode } from 'react';
import { useViewer } from '../../../api/useViewer.ts';
import { Form } from '../../../parts/Field.tsx';
import classes from './Form.module.css';

/** A form of settings; for whoever may not change them, one to read. */
export function SettingsFieldset({ children }: { children: ReactNode }) {
  const { may } = useViewer();
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <fieldset className={classes['fieldset']} disabled={!may('ADMIN')}>
        {children}
      </fieldset>
    </Form>
  );
}
