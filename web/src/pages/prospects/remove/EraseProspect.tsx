import { useState } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { EraseProspectDocument, type ProspectFactsFragment } from '../../../graphql/graphql.ts';
import { TextField } from '../../../parts/Field.tsx';
import { toast } from '../../../parts/toasts.ts';
import { Confirm } from '../../../parts/form/Confirm.tsx';

const word = 'erase';

/** Asks for a typed word before a person is erased, because nothing brings them back. */
export function EraseProspect({ prospect: { id, displayName }, close }: { prospect: ProspectFactsFragment; close: () => void }) {
  const client = useClient();
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <Confirm
      title="Erase this person?"
      opened
      close={close}
      label="Erase for ever"
      act={async () => {
        if (typed.trim().toLowerCase() !== word) {
          setProblem(`Type “${word}” to confirm.`);
          return { refusals: [{ code: 'INVALID', message: 'The confirmation is missing.', field: null }] };
        }
        setProblem(null);
        const { data, error } = await client.mutation(EraseProspectDocument, { id }).toPromise();
        const refusals = data?.eraseProspect.userErrors ?? [];
        if (data && refusals.length === 0) {
          refetch(client);
          toast('The person was erased');
        }
        return { refusals, error };
      }}
    >
      <p style={{ margin: 0 }}>
        Everything that is known of <strong dir="auto">{displayName}</strong> and every text written to them or by them goes, everywhere and for ever. What stays
        is that there was somebody, and that they are never contacted again.
      </p>
      <TextField label={`Type “${word}” to confirm`} value={typed} problem={problem} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" />
    </Confirm>
  );
}
