import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useClient } from 'urql';
import { IdempotencyKeys } from '../../../api/idempotencyKeys.ts';
import { useViewer } from '../../../api/useViewer.ts';
import { type DiscoveryRowFragment, RunDiscoveryQueryDocument } from '../../../graphql/graphql.ts';
import { Form, TextField } from '../../../parts/Field.tsx';
import { NotAllowed } from '../../../parts/NotAllowed.tsx';
import { outOfBounds } from '../bounds.ts';
import { Outcome } from '../../../parts/form/Outcome.tsx';
import { useAction } from '../../../parts/form/useAction.ts';
import type { SaveOutcome } from '../../../parts/form/useForm.ts';
import classes from './Discovery.module.css';

/** Runs a search again, with its filters: who is new is added, and what was empty filled. */
export function RunAgain({ search: { id } }: { search: DiscoveryRowFragment }) {
  const client = useClient();
  const navigate = useNavigate();
  const { may } = useViewer();
  const { busy, outcome, run } = useAction();
  const [limit, setLimit] = useState('100');
  const keys = useRef(new IdempotencyKeys());
  const problem = outOfBounds(limit, { least: 1, most: 10_000, whole: true });
  if (!may('OPERATOR')) return <NotAllowed role="OPERATOR" what="run searches" />;

  async function start(): Promise<SaveOutcome> {
    const input = { id, limit: Number(limit) };
    const { data, error } = await client.mutation(RunDiscoveryQueryDocument, { ...input, idempotencyKey: keys.current.for(input) }).toPromise();
    const { job, userErrors = [] } = data?.runDiscoveryQuery ?? {};
    if (job && userErrors.length === 0) void navigate({ to: '/jobs/$id', params: { id: job.id } });
    return { refusals: userErrors, error };
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!problem) void run(start);
  }

  return (
    <Form onSubmit={submit}>
      <Outcome of={outcome} title="The search was not run" />
      <div className={classes['run']}>
        <TextField style={{ maxWidth: '12rem' }} label="Prospects at most" hint="1 to 10,000; for websites, so many of the sites." inputMode="numeric" value={limit} problem={problem} onChange={(event) => setLimit(event.currentTarget.value)} />
        <Button type="submit" variant="default" loading={busy}>
          Run again
        </Button>
      </div>
    </Form>
  );
}
