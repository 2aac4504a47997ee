import { useRef } from 'react';
import { type AnyVariables, type CombinedError, type DocumentInput, useQuery } from 'urql';
import { readAt } from './readTimes.ts';

/** What a page knows of one part of a query, and how current that is. */
export interface Answer<Value> {
  /** the last good value for these variables; undefined until there is one */
  value: Value | undefined;
  /** ms since the epoch when `value` was read */
  at: number | undefined;
  /** why the newest answer has no such value, or only a part of what was asked; it stays until there is another answer */
  error: CombinedError | undefined;
  fetching: boolean;
  /** what is shown came from the cache, and the server is being asked */
  stale: boolean;
  /** asks the server again; what is shown stays meanwhile */
  again: () => void;
}

interface Good<Value> {
  key: string;
  data: unknown;
  value: Value;
}

/**
 * Runs a query and keeps the last good value of what `pick` takes from it: an answer that fails later does not take it
 * away. Other variables start anew, so that rows of one filter never stand under another.
 */
export function useAnswer<Data, Variables extends AnyVariables, Value>(
  query: DocumentInput<Data, Variables>,
  variables: Variables,
  pick: (data: Data) => Value | null | undefined,
  { pause = false }: { pause?: boolean } = {},
): Answer<Value> {
  const [{ data, error, fetching, stale, operation }, execute] = useQuery<Data, AnyVariables>({ query: query as DocumentInput<Data, AnyVariables>, variables, pause });
  const key = JSON.stringify(variables);
  const good = useRef<Good<Value>>(undefined);
  if (good.current && good.current.key !== key) good.current = undefined;
  const failed = useRef<{ key: string; error: CombinedError | undefined }>(undefined);
  // While other variables are on their way, urql still shows what the former ones answered.
  const isCurrent = operation !== undefined && JSON.stringify(operation.variables) === key;
  if (data && isCurrent && data !== good.current?.data) {
    const value = pick(data);
    if (value !== null && value !== undefined) good.current = { key, data, value };
  }
  // urql forgets an error when it asks again.
  if (isCurrent && !fetching) failed.current = { key, error };
  return {
    value: good.current?.value,
    at: operation && isCurrent ? readAt(operation.key) : undefined,
    error: failed.current?.key === key ? failed.current.error : undefined,
    fetching: fetching || (!pause && !isCurrent),
    stale,
    again: () => execute({ requestPolicy: 'network-only' }),
  };
}
