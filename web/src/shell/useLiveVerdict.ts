import { useEffect } from 'react';
import { useClient } from 'urql';
import { refetch } from '../api/activeQueries.ts';
import { keepSubscribed } from '../api/keepSubscribed.ts';
import { SchemaHealthChangedDocument } from '../graphql/graphql.ts';

/** Asks everything on the page again whenever the server says that the verdict has changed: what failed may work now, and the other way round. */
export function useLiveVerdict(): void {
  const client = useClient();
  useEffect(() => keepSubscribed(client, SchemaHealthChangedDocument, () => refetch(client)), [client]);
}
