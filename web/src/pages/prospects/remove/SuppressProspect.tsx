import { useState } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { type ProspectFactsFragment, SuppressProspectDocument } from '../../../graphql/graphql.ts';
import { TextField } from '../../../parts/Field.tsx';
import { toast } from '../../../parts/toasts.ts';
import { Confirm } from '../../../parts/form/Confirm.tsx';

/** Asks before somebody is never contacted again. */
export function SuppressProspect({ prospect: { id, displayName }, close }: { prospect: ProspectFactsFragment; close: () => void }) {
  const client = useClient();
  const [reason, setReason] = useState('');
  return (
    <Confirm
      title="Never contact them?"
      opened
      close={close}
      label="Suppress"
      act={async () => {
        const { data, error } = await client.mutation(SuppressProspectDocument, { id, reason: reason.trim() || null }).toPromise();
        const refusals = (data?.suppress.userErrors ?? []).map((refusal) => ({ ...refusal, field: null }));
        if (data && refusals.length === 0) {
          refetch(client);
          toast(`${displayName} is suppressed`);
        }
        return { refusals, error };
      }}
    >
      <p style={{ margin: 0 }}>
        Nothing is sent any more to the address, the handles and the page of <strong dir="auto">{displayName}</strong>; what waits is cancelled, and no import
        changes that. Only an administrator takes it back.
      </p>
      <TextField
        label="Reason"
        hint="For people; it outlives the erasure of the person, so write nothing personal"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autoComplete="off"
      />
    </Confirm>
  );
}
