import { useEffect } from 'react';
import { useClient } from 'urql';
import { refetch } from '../api/activeQueries.ts';
import { keepSubscribed } from '../api/keepSubscribed.ts';
import { SchemaHealthChangedDocument } from '../graphql/graphql.ts';

/** Asks the schema queries on the page again whenever the server says that the verdict has changed. */
export function useLiveVerdict(): void {
  const client = useClient();
  useEffect(() => keepSubscribed(client, SchemaHealthChangedDocument, () => refetch(client, ['Verdict', 'SchemaHealth'])), [client]);
}
