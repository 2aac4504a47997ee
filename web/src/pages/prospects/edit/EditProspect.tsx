import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { ProspectDocument, type ProspectFactsFragment, UpdateProspectDocument } from '../../../graphql/graphql.ts';
import { Form } from '../../../parts/Field.tsx';
import { toast } from '../../../parts/toasts.ts';
import { useUnsaved } from '../../../parts/useUnsaved.tsx';
import { SaveBar } from '../../../parts/form/SaveBar.tsx';
import { useForm } from '../../../parts/form/useForm.ts';
import { ProspectFields } from './ProspectFields.tsx';
import { refusalsOf } from './refusalsOf.ts';
import { textsOf, valuesOf } from './texts.ts';

/** A prospect to be changed; what somebody else changes meanwhile is shown at its field, and what was typed stays. */
export function EditProspect({ prospect, close }: { prospect: ProspectFactsFragment; close: () => void }) {
  const client = useClient();
  const { id, updatedAt, displayName } = prospect;
  const form = useForm({
    stored: textsOf(prospect),
    send: async (edits) => {
      const { data, error } = await client.mutation(UpdateProspectDocument, { input: { id, updatedAt, ...valuesOf(edits) } }).toPromise();
      const outcome = refusalsOf(error, data?.updateProspect.userErrors);
      if (outcome.refusals?.some(({ code }) => code === 'STALE')) await client.query(ProspectDocument, { id }, { requestPolicy: 'network-only' }).toPromise();
      if (data && data.updateProspect.userErrors.length === 0) {
        refetch(client, ['Prospects', 'Prospect', 'ProspectProfiles', 'ProspectDrafts', 'ProspectHistory', 'Tags']);
        toast(`${displayName} saved`);
        release();
        close();
      }
      return outcome;
    },
  });
  const { dialog, release } = useUnsaved({ unsaved: form.changed.length > 0, what: 'the changes of this prospect', parameters: ['open'] });
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => element.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus(), []);
  return (
    <Form ref={element} aria-label={`Edit ${displayName}`} onSubmit={(event) => event.preventDefault()}>
      <ProspectFields form={form} />
      <SaveBar form={form} what="the prospect">
        {form.changed.length === 0 && (
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        )}
      </SaveBar>
      {dialog}
    </Form>
  );
}
