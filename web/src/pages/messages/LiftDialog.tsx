import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useClient, useMutation } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { UnsuppressDocument } from '../../graphql/graphql.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { CheckField, Form, FormActions } from '../../parts/Field.tsx';
import { plural } from '../../parts/format.ts';
import { toast } from '../../parts/toasts.ts';
import { UserErrors } from '../../parts/UserErrors.tsx';
import { type Addressee, AddresseeFields, inputOf, problemOf } from './AddresseeFields.tsx';
import { queriesOfMessages } from './useResolve.ts';

/** Takes a suppression back, by naming whom it is about and saying that they agree. Give it a key: it starts with `whom`. */
export function LiftDialog({ whom: start, close }: { whom: Addressee | null; close: () => void }) {
  const client = useClient();
  const [{ data, error, fetching }, unsuppress] = useMutation(UnsuppressDocument);
  const [changed, setWhom] = useState<Addressee | null>(null);
  const [agreed, setAgreed] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const whom = changed ?? start;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!whom || fetching || !agreed) return;
    const wrong = problemOf(whom);
    setProblem(wrong);
    if (wrong) return;
    const { data: answered } = await unsuppress({ input: inputOf(whom) });
    if (!answered || answered.unsuppress.userErrors.length > 0) return;
    toast(`${whom.value.trim()} is not suppressed any more, ${plural(answered.unsuppress.readmittedCount, 'prospect')} may be contacted again`);
    refetch(client, ['Suppressions', 'SuppressionOf', ...queriesOfMessages]);
    closeClean();
  }

  function closeClean() {
    setWhom(null);
    setAgreed(false);
    close();
  }

  return (
    <Dialog title="Lift a suppression" opened={start !== null} close={closeClean}>
      {whom && (
        <Form onSubmit={(event) => void submit(event)}>
          <AddresseeFields whom={whom} change={setWhom} problem={problem} />
          <p style={{ margin: 0 }}>They may be written to again. What was cancelled stays cancelled, and whoever was erased stays excluded.</p>
          <CheckField label="They have asked for it, or agreed to it" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
          <UserErrors errors={data?.unsuppress.userErrors ?? []} title="Nothing was lifted" />
          {error && <Failure title="Nothing was lifted" error={error} />}
          <FormActions>
            <Button variant="default" onClick={closeClean}>
              Back
            </Button>
            <Button type="submit" color="red" disabled={!agreed} loading={fetching}>
              Lift the suppression
            </Button>
          </FormActions>
        </Form>
      )}
    </Dialog>
  );
}
