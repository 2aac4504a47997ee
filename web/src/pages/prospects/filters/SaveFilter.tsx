import { Button } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { SaveFilterDocument } from '../../../graphql/graphql.ts';
import { Dialog } from '../../../parts/Dialog.tsx';
import { Failure } from '../../../parts/Failure.tsx';
import { Form, FormActions, TextField } from '../../../parts/Field.tsx';
import { toast } from '../../../parts/toasts.ts';
import { useAction } from '../../../parts/form/useAction.ts';
import type { ProspectsSearch } from '../search.ts';
import { conditionsOf, filterOf } from './filter.ts';

/** Keeps the filter that is in force; one of that name is only replaced after a question. */
export function SaveFilter({ search, close }: { search: ProspectsSearch; close: () => void }) {
  const client = useClient();
  const { busy, outcome, run } = useAction();
  const [name, setName] = useState('');
  const refusals = outcome.refusals ?? [];
  const isTaken = refusals.some(({ code }) => code === 'CONFLICT');

  async function save(replace: boolean) {
    const worked = await run(async () => {
      const { data, error } = await client.mutation(SaveFilterDocument, { input: { name, filter: filterOf(search), replace } }).toPromise();
      return { refusals: data?.saveFilter.userErrors.map((refusal) => ({ ...refusal, field: null })), error };
    });
    if (!worked) return;
    refetch(client, ['SavedFilters', 'SavedFilterList']);
    toast(`Filter “${name.trim()}” saved`);
    close();
  }

  return (
    <Dialog title="Save this filter" opened close={close}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          void save(false);
        }}
      >
        <p style={{ margin: 0 }} dir="auto">{conditionsOf(search).map(({ text }) => text).join(' · ')}</p>
        <TextField label="Name" hint="Everybody finds it by this name" value={name} problem={refusals[0]?.message ?? null} onChange={(event) => setName(event.currentTarget.value)} data-autofocus autoComplete="off" />
        {outcome.error && <Failure title="Nothing was saved" error={outcome.error} />}
        <FormActions>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          {isTaken && (
            <Button variant="default" color="red" loading={busy} onClick={() => void save(true)}>
              Replace the other one
            </Button>
          )}
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
