import { Button } from '@mantine/core';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { CreateApiKeyDocument, type Role } from '../../../graphql/graphql.ts';
import { Form, FormActions, SelectField } from '../../../parts/Field.tsx';
import { words } from '../../../parts/format.ts';
import { FormText } from '../../../parts/form/fields.tsx';
import { Outcome } from '../../../parts/form/Outcome.tsx';
import { useForm } from '../../../parts/form/useForm.ts';
import { roles } from './roles.ts';

type Props = { created: (fresh: { name: string; key: string }) => void; close: () => void };

const dayMs = 86_400_000;
const endings = { '': 'Never', '30': 'In 30 days', '90': 'In 90 days', '365': 'In a year' };
const blank = { name: '', role: 'OPERATOR', expiresAt: '' };

/** Whose key, what it may do, and until when. */
export function ApiKeyForm({ created, close }: Props) {
  const client = useClient();
  const form = useForm({
    stored: blank,
    send: async ({ text }) => {
      const days = Number(text('expiresAt'));
      const expiresAt = days > 0 ? new Date(Date.now() + days * dayMs).toISOString() : null;
      const name = text('name').trim();
      const { data, error } = await client.mutation(CreateApiKeyDocument, { input: { name, role: text('role') as Role, expiresAt } }).toPromise();
      if (data?.createApiKey.key) {
        refetch(client, ['ApiKeys']);
        close();
        created({ name, key: data.createApiKey.key });
      }
      return { refusals: data?.createApiKey.userErrors, error };
    },
  });
  const role = roles.find((one) => one.role === form.text('role'));
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        void form.save();
      }}
    >
      <FormText form={form} name="name" label="Name" hint="Who acts with it, as the record of activities says; 200 characters at most." dir="auto" data-autofocus />
      <SelectField label="Role" hint={role?.says} value={form.text('role')} onChange={(event) => form.set({ role: event.currentTarget.value })}>
        {roles.map((one) => (
          <option key={one.role} value={one.role}>
            {words(one.role)}
          </option>
        ))}
      </SelectField>
      <SelectField label="Ends by itself" problem={form.problem('expiresAt')} value={form.text('expiresAt')} onChange={(event) => form.set({ expiresAt: event.currentTarget.value })}>
        {Object.entries(endings).map(([days, label]) => (
          <option key={days} value={days}>
            {label}
          </option>
        ))}
      </SelectField>
      <Outcome of={{ refusals: form.refusals, error: form.failure }} title="No key was made" />
      <FormActions>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={form.saving} disabled={form.text('name').trim() === ''}>
          Make the key
        </Button>
      </FormActions>
    </Form>
  );
}
