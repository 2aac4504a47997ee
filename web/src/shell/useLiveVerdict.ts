import { useEffect } from 'react';
import { useClient, useSubscription } from 'urql';
import { refetch } from '../api/activeQueries.ts';
import { SchemaHealthChangedDocument } from '../graphql/graphql.ts';

/** Asks the schema queries on the page again whenever the server says that the verdict has changed. */
export function useLiveVerdict(): void {
  const client = useClient();
  const [{ data }] = useSubscription({ query: SchemaHealthChangedDocument });
  const checkedAt = data?.schemaHealthChanged.checkedAt;
  useEffect(() => {
    if (checkedAt) refetch(client, ['Verdict', 'SchemaHealth']);
  }, [client, checkedAt]);
}
