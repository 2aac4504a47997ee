import { FormArea, FormText } from '../../../parts/form/fields.tsx';
import type { FormState } from '../../../parts/form/useForm.ts';

/** What a person may write about a prospect. */
export function ProspectFields({ form }: { form: FormState }) {
  return (
    <>
      <FormText form={form} name="displayName" label="Name" dir="auto" data-autofocus required />
      <FormText form={form} name="email" label="E-mail address" inputMode="email" />
      <FormText form={form} name="profileUrl" label="Profile URL" hint="Of a website or a profile" inputMode="url" placeholder="https://" />
      <FormText form={form} name="username" label="Handle" />
      <FormArea form={form} name="bioText" label="About" rows={5} dir="auto" />
      <FormArea form={form} name="tags" label="Tags" hint="One a line" rows={3} dir="auto" />
    </>
  );
}
