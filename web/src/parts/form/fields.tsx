import type { ComponentProps } from 'react';
import { TextArea, TextField } from '../Field.tsx';
import { Meanwhile } from './Meanwhile.tsx';
import type { FormState } from './useForm.ts';

type Bound<Props> = { form: FormState; name: string } & Omit<Props, 'form' | 'name'>;

/** A number of a form's field: as wide as a number is. */
export function FormNumber(props: Bound<ComponentProps<typeof TextField>>) {
  return <FormText inputMode="decimal" style={{ maxWidth: '12rem' }} {...props} />;
}

/** A text field of a form's field. */
export function FormText({ form, name, ...rest }: Bound<ComponentProps<typeof TextField>>) {
  return (
    <div>
      <TextField
        value={form.text(name)}
        problem={form.problem(name)}
        readOnly={form.locked}
        onChange={(event) => form.set({ [name]: event.currentTarget.value })}
        autoComplete="off"
        {...rest}
      />
      <Meanwhile form={form} name={name} label={rest.label} />
    </div>
  );
}

/** A field of several lines. */
export function FormArea({ form, name, ...rest }: Bound<ComponentProps<typeof TextArea>>) {
  return (
    <div>
      <TextArea
        value={form.text(name)}
        problem={form.problem(name)}
        readOnly={form.locked}
        onChange={(event) => form.set({ [name]: event.currentTarget.value })}
        {...rest}
      />
      <Meanwhile form={form} name={name} label={rest.label} />
    </div>
  );
}
