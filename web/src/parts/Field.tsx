import { type ComponentProps, type ReactNode, useId } from 'react';
import classes from './Field.module.css';

type Said = {
  label: string;
  /** below the label: what is wanted, in which unit */
  hint?: ReactNode;
  /** what is wrong with the value, and what would be right */
  problem?: string | null;
};

type Described = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined };

/** A label, a control, and what is said about them; assistive technology reads it all with the control. */
function Field({ label, hint, problem, children }: Said & { children: (described: Described) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div className={classes['field']}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span id={`${id}-hint`} className={classes['hint']}>
          {hint}
        </span>
      )}
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': problem ? true : undefined })}
      {problem && (
        <span id={`${id}-problem`} className={classes['problem']}>
          {problem}
        </span>
      )}
    </div>
  );
}

type Control<Element extends 'input' | 'textarea' | 'select'> = Said & Omit<ComponentProps<Element>, 'id'>;

export function TextField({ label, hint, problem, ...rest }: Control<'input'>) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(described) => <input className={classes['control']} {...described} {...rest} />}
    </Field>
  );
}

/** `code` writes in the fixed-width font, for templates and JSON. */
export function TextArea({ label, hint, problem, code = false, ...rest }: Control<'textarea'> & { code?: boolean }) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(described) => <textarea className={classes['control']} data-code={code || undefined} rows={8} {...described} {...rest} />}
    </Field>
  );
}

/** A native select; `children` are its options. */
export function SelectField({ label, hint, problem, children, ...rest }: Control<'select'>) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(described) => (
        <select className={classes['control']} {...described} {...rest}>
          {children}
        </select>
      )}
    </Field>
  );
}

/** A box to tick, its label beside it. */
export function CheckField({ label, ...rest }: { label: string } & Omit<ComponentProps<'input'>, 'type' | 'id'>) {
  return (
    <label className={classes['check']}>
      <input type="checkbox" {...rest} />
      {label}
    </label>
  );
}

/** Fields, then what can be done with them. */
export function Form({ children, ...rest }: ComponentProps<'form'>) {
  return (
    <form className={classes['form']} noValidate {...rest}>
      {children}
    </form>
  );
}

/** The buttons at the end of a form, the main one last. */
export function FormActions({ children }: { children: ReactNode }) {
  return <div className={classes['actions']}>{children}</div>;
}
