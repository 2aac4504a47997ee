import { UnstyledButton } from '@mantine/core';
import { useRef } from 'react';
import type { Channel } from '../../../graphql/graphql.ts';
import { FormArea, FormText } from '../../../parts/form/fields.tsx';
import type { FormState } from '../../../parts/form/useForm.ts';
import classes from './Templates.module.css';
import { variablesOf } from './variables.ts';

type Props = {
  form: FormState;
  channel: Channel;
  /** names of the fields; `subject` is absent where the text has none */
  names: { subject?: string; body: string };
  rows?: number;
  label?: string;
};

/** A text with variables, its subject above where it has one, and the variables to put in. */
export function TemplateFields({ form, channel, names, rows = 9, label = 'Text' }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);

  function insert(variable: string) {
    const element = area.current;
    if (!element) return;
    const text = form.text(names.body);
    const { selectionStart: from, selectionEnd: to } = element;
    const inserted = `{{ ${variable} }}`;
    form.set({ [names.body]: text.slice(0, from) + inserted + text.slice(to) });
    element.focus();
    requestAnimationFrame(() => element.setSelectionRange(from + inserted.length, from + inserted.length));
  }

  return (
    <>
      {names.subject && <FormText form={form} name={names.subject} label="Subject" dir="auto" />}
      <FormArea
        form={form}
        name={names.body}
        ref={area}
        label={label}
        hint="Liquid. A variable without a value fails the draft, unless it has a default: {{ username | default: &quot;there&quot; }}."
        rows={rows}
        dir="auto"
        code
      />
      {!form.locked && (
      <div className={classes['variables']} role="group" aria-label="Variables to put in">
        {variablesOf(channel).map((variable) => (
          <UnstyledButton key={variable} onClick={() => insert(variable)}>
            {variable}
          </UnstyledButton>
        ))}
      </div>
      )}
    </>
  );
}
