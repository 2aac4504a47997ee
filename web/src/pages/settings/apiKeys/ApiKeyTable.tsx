import { Button } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { useCommands } from '../../../keys/useCommands.ts';
import { useViewer } from '../../../api/useViewer.ts';
import { type ApiKeyRowFragment, RevokeApiKeyDocument } from '../../../graphql/graphql.ts';
import { clock } from '../../../parts/clock.ts';
import { words } from '../../../parts/format.ts';
import { actions, Table } from '../../../parts/Table.tsx';
import { Time } from '../../../parts/Time.tsx';
import { toast } from '../../../parts/toasts.ts';
import { Tone } from '../../../parts/Tone.tsx';
import { useRowKeys } from '../../../parts/useRowKeys.ts';
import { Confirm } from '../../../parts/form/Confirm.tsx';
import type { SaveOutcome } from '../../../parts/form/useForm.ts';

/** Who has a key, what it may do, and whether it still opens anything. */
export function ApiKeyTable({ keys }: { keys: readonly ApiKeyRowFragment[] }) {
  const client = useClient();
  const { viewer } = useViewer();
  const [ended, setEnded] = useState<ApiKeyRowFragment>();

  const rows = useRowKeys({ ids: keys.map(({ id }) => id), choose: () => {} });
  useCommands('API keys', [...rows.commands.slice(0, 2), { keys: 'r', label: 'Revoke the key', run: () => setEnded(keys.find((key) => key.id === rows.current() && !key.revokedAt)) }]);

  async function revoke(): Promise<SaveOutcome> {
    if (!ended) return {};
    const { data, error } = await client.mutation(RevokeApiKeyDocument, { id: ended.id }).toPromise();
    const refusals = data?.revokeApiKey.userErrors ?? [];
    if (!error && refusals.length === 0) {
      refetch(client, ['ApiKeys']);
      toast(`The key of ${ended.name} opens nothing any more`);
    }
    return { refusals, error };
  }

  return (
    <div {...rows.props}>
      <Table of="API keys" columns={['Name', 'Role', 'State', 'Made', 'Last used', 'Ends', actions]}>
        {keys.map((key) => (
          <Row key={key.id} apiKey={key} revoke={() => setEnded(key)} />
        ))}
      </Table>
      <Confirm title="Revoke the API key?" opened={ended !== undefined} close={() => setEnded(undefined)} label="Revoke it" act={revoke}>
        <p style={{ margin: 0, overflowWrap: 'anywhere' }}>
          The key of <bdi>{ended?.name}</bdi> opens nothing any more, on every server, at once. That cannot be taken back.
        </p>
        {ended?.name === viewer?.name && <p style={{ margin: 0 }}>It may be the key that you are signed in with: you would be signed out.</p>}
      </Confirm>
    </div>
  );
}

function Row({ apiKey, revoke }: { apiKey: ApiKeyRowFragment; revoke: () => void }) {
  const { name, role, createdAt, lastUsedAt, expiresAt, revokedAt } = apiKey;
  const isExpired = useSyncExternalStore(clock.subscribe, () => expiresAt !== null && Date.parse(expiresAt) <= clock.get());
  return (
    <tr data-row-of={apiKey.id}>
      <td style={{ minWidth: '10rem', fontWeight: 550, overflowWrap: 'anywhere' }}>
        <bdi data-row={apiKey.id} tabIndex={-1}>
          {name}
        </bdi>
      </td>
      <td>{words(role)}</td>
      <td>{revokedAt ? <Tone tone="bad">Revoked</Tone> : isExpired ? <Tone tone="quiet">Expired</Tone> : <Tone tone="good">Works</Tone>}</td>
      <td>
        <Time at={createdAt} />
      </td>
      <td>{lastUsedAt ? <Time at={lastUsedAt} /> : 'Never'}</td>
      <td>{revokedAt ? <Time at={revokedAt} /> : expiresAt ? <Time at={expiresAt} /> : 'Never'}</td>
      <td style={{ textAlign: 'right' }}>
        {!revokedAt && !isExpired && (
          <Button size="compact-sm" variant="subtle" color="red" aria-label={`Revoke the key of ${name}`} onClick={revoke}>
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}
