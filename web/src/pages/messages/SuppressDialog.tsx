import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useClient, useMutation } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { SuppressDocument } from '../../graphql/graphql.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Form, FormActions, TextField } from '../../parts/Field.tsx';
import { plural } from '../../parts/format.ts';
import { toast } from '../../parts/toasts.ts';
import { UserErrors } from '../../parts/UserErrors.tsx';
import { type Addressee, AddresseeFields, inputOf, problemOf } from './AddresseeFields.tsx';
import { queriesOfMessages } from './useResolve.ts';

const nobody: Addressee = { kind: 'EMAIL', value: '', platform: 'GITHUB' };

/** Adds somebody to those who are never contacted again. */
export function SuppressDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const client = useClient();
  const [{ data, error, fetching }, suppress] = useMutation(SuppressDocument);
  const [whom, setWhom] = useState(nobody);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const wrong = problemOf(whom);
    setProblem(wrong);
    if (wrong || fetching) return;
    const { data: answered } = await suppress({ input: { ...inputOf(whom), reason: reason.trim() || undefined } });
    if (!answered || answered.suppress.userErrors.length > 0) return;
    const { excludedCount } = answered.suppress;
    toast(`${whom.value.trim()} is suppressed, ${plural(excludedCount, 'prospect')} excluded by it`);
    setWhom(nobody);
    setReason('');
    refetch(client, ['Suppressions', 'SuppressionOf', ...queriesOfMessages]);
    close();
  }

  return (
    <Dialog title="Suppress somebody" opened={opened} close={close}>
      <p style={{ margin: 0 }}>They are never contacted again, from now on. What waits for them is cancelled, and stays so if the suppression is lifted one day.</p>
      <Form onSubmit={(event) => void submit(event)}>
        <AddresseeFields whom={whom} change={setWhom} problem={problem} />
        <TextField
          label="Reason"
          hint="For people. It outlives the erasure of the person: no personal data belongs here."
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <UserErrors errors={data?.suppress.userErrors ?? []} title="Nobody was suppressed" />
        {error && <Failure title="Nobody was suppressed" error={error} />}
        <FormActions>
          <Button variant="default" onClick={close}>
            Back
          </Button>
          <Button type="submit" color="red" loading={fetching}>
            Suppress
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
