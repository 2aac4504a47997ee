import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { DeleteProspectsDocument, type ProspectFactsFragment } from '../../../graphql/graphql.ts';
import { toast } from '../../../parts/toasts.ts';
import { Confirm } from '../../../parts/form/Confirm.tsx';

type Props = { prospect: ProspectFactsFragment; close: () => void; gone: () => void };

/** Asks before a prospect is deleted. Whoever was written to stays: the server then says what erases them. */
export function DeleteProspect({ prospect: { id, displayName }, close, gone }: Props) {
  const client = useClient();
  return (
    <Confirm
      title="Delete this prospect?"
      opened
      close={close}
      label="Delete"
      act={async () => {
        const { data, error } = await client.mutation(DeleteProspectsDocument, { ids: [id] }).toPromise();
        const refusals = (data?.deleteProspects.userErrors ?? []).map((refusal) => ({ ...refusal, field: null }));
        if (data && data.deleteProspects.deletedCount > 0) {
          refetch(client, ['Prospects', 'Tags']);
          toast(`${displayName} deleted`);
          gone();
        }
        return { refusals, error };
      }}
    >
      <p style={{ margin: 0 }}>
        <strong dir="auto">{displayName}</strong> goes with its profiles and drafts. An import may bring it back; to keep it away, suppress it.
      </p>
    </Confirm>
  );
}
