import { Button } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { useViewer } from '../../api/useViewer.ts';
import { ReclassifyInboundDocument } from '../../graphql/graphql.ts';
import { plural } from '../../parts/format.ts';
import { Failure } from '../../parts/Failure.tsx';
import { toast } from '../../parts/toasts.ts';
import { UserErrors } from '../../parts/UserErrors.tsx';
import type { CombinedError } from 'urql';
import { queriesOfMessages } from './useResolve.ts';

/** Looks again at mails that an older version has classified, until all have been. For administrators; nothing for others. */
export function Reclassify() {
  const client = useClient();
  const { may } = useViewer();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  const [refusals, setRefusals] = useState<readonly { message: string }[]>([]);
  if (!may('ADMIN')) return null;

  async function run() {
    setBusy(true);
    let lookedAt = 0;
    let changed = 0;
    for (let remaining = 1; remaining > 0;) {
      const { data, error: failure } = await client.mutation(ReclassifyInboundDocument, { input: {} });
      setError(failure);
      const answer = data?.reclassifyInbound;
      setRefusals(answer?.userErrors ?? []);
      if (!answer || answer.userErrors.length > 0) break;
      lookedAt += answer.lookedAt;
      changed += answer.changed;
      remaining = answer.lookedAt > 0 ? answer.remaining : 0;
      if (remaining === 0) toast(lookedAt === 0 ? 'Every mail was classified by this version already' : `${plural(lookedAt, 'mail')} looked at again, ${plural(changed, 'change')}`);
    }
    setBusy(false);
    refetch(client, ['InboundMessages', ...queriesOfMessages]);
  }

  return (
    <>
      <Button size="sm" variant="default" loading={busy} onClick={() => void run()}>
        Classify again
      </Button>
      {error && <Failure title="Not every mail was looked at again" error={error} retry={() => void run()} />}
      <UserErrors errors={refusals} title="Not every mail was looked at again" />
    </>
  );
}
