import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { type CreateProspectInput, CreateProspectDocument, type ProspectFactsFragment } from '../../../graphql/graphql.ts';
import { Dialog } from '../../../parts/Dialog.tsx';
import { Failure } from '../../../parts/Failure.tsx';
import { Form, FormActions, SelectField } from '../../../parts/Field.tsx';
import { words } from '../../../parts/format.ts';
import { Notice } from '../../../parts/Notice.tsx';
import { toast } from '../../../parts/toasts.ts';
import { UserErrors } from '../../../parts/UserErrors.tsx';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import { useFocusOnWrong } from '../../../parts/form/useFocusOnWrong.ts';
import { type FormState, useForm } from '../../../parts/form/useForm.ts';
import { platforms, sources } from '../search.ts';
import { ProspectFields } from './ProspectFields.tsx';
import { refusalsOf } from './refusalsOf.ts';
import { editable, valuesOf } from './texts.ts';

const blank = { ...Object.fromEntries(editable.map((name) => [name, ''])), sourceType: sources[0], sourcePlatform: platforms[0] };

/** A prospect written by hand. One that is there already is shown instead of a second one. */
export function AddProspect({ close, open }: { close: () => void; open: (id: string) => void }) {
  const client = useClient();
  const [twin, setTwin] = useState<ProspectFactsFragment | null>(null);
  const form = useForm({
    stored: blank,
    check: (name, text) => (name === 'displayName' && text.trim() === '' ? 'A prospect needs a name.' : null),
    send: async (edits) => {
      setTwin(null);
      const input = { displayName: '', ...valuesOf(edits) } as CreateProspectInput;
      const { data, error } = await client.mutation(CreateProspectDocument, { input }).toPromise();
      const { prospect = null, userErrors = [] } = data?.createProspect ?? {};
      const conflicts = userErrors.some(({ code }) => code === 'CONFLICT');
      if (conflicts) setTwin(prospect);
      if (prospect && userErrors.length === 0) {
        refetch(client, ['Prospects', 'Tags', 'OverviewPipeline']);
        toast(`${prospect.displayName} added`);
        release();
        open(prospect.id);
      }
      return refusalsOf(error, userErrors.filter(({ code }) => code !== 'CONFLICT'));
    },
  });
  const element = useRef<HTMLFormElement>(null);
  useFocusOnWrong(form, element, '[aria-invalid], [data-twin]');
  const { dialog, release } = useUnsaved({ unsaved: form.changed.length > 0, what: 'the prospect that you began', parameters: ['start'] });
  return (
    <>
      <Dialog title="Add a prospect" opened close={close}>
        <Form
          ref={element}
          onSubmit={(event) => {
            event.preventDefault();
            void form.save();
          }}
        >
          <ProspectFields form={form} />
          <Choice form={form} name="sourcePlatform" label="Platform" values={platforms} />
          <Choice form={form} name="sourceType" label="Pipeline" values={sources} />
          {twin && (
            <Notice tone="warn" title="There is a prospect with this address already">
              <p>
                <Link
                  data-twin
                  from="/prospects"
                  to="/prospects"
                  search={(before) => ({ ...before, open: twin.id, start: undefined })}
                  resetScroll={false}
                  onClick={() => release()}
                >
                  Open <bdi>{twin.displayName}</bdi>
                </Link>
              </p>
            </Notice>
          )}
          <UserErrors errors={form.refusals} title="Nothing was added" />
          {form.failure && <Failure title="Nothing was added" error={form.failure} />}
          <FormActions>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={form.saving}>
              Add the prospect
            </Button>
          </FormActions>
        </Form>
      </Dialog>
      {dialog}
    </>
  );
}

function Choice({ form, name, label, values }: { form: FormState; name: string; label: string; values: readonly string[] }) {
  return (
    <SelectField label={label} value={form.text(name)} problem={form.problem(name)} onChange={(event) => form.set({ [name]: event.currentTarget.value })}>
      {values.map((value) => (
        <option key={value} value={value}>
          {words(value)}
        </option>
      ))}
    </SelectField>
  );
}
