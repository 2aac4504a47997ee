import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { IdempotencyKeys } from '../../api/idempotencyKeys.ts';
import { RetryJobDocument } from '../../graphql/graphql.ts';
import { plural } from '../../parts/format.ts';
import { toast } from '../../parts/toasts.ts';
import { noOutcome, type Outcome } from './useSteering.ts';

/** Starts a new job over the failed targets of this one, once however often it is asked for, and leads there. */
export function useRetry(id: string) {
  const navigate = useNavigate();
  const keys = useRef(new IdempotencyKeys());
  const asked = useRef(false);
  const [{ fetching }, send] = useMutation(RetryJobDocument);
  const [outcome, setOutcome] = useState<Outcome>(noOutcome);

  /** @param code only the failures with it; all when absent */
  async function retry(targets: number, code?: string) {
    if (asked.current) return;
    asked.current = true;
    const input = { id, codes: code === undefined ? null : [code] };
    const { data, error } = await send({ input: { ...input, idempotencyKey: keys.current.for(input) } });
    asked.current = false;
    const { job, userErrors = [] } = data?.retryJob ?? {};
    setOutcome({ refusals: userErrors, failure: error });
    if (!job || userErrors.length > 0) return;
    toast(`${plural(targets, 'failed target')} ${targets === 1 ? 'is' : 'are'} tried again`);
    await navigate({ to: '/jobs/$id', params: { id: job.id } });
  }

  return { retry, retrying: fetching, outcome };
}
