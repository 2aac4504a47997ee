import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { createClient } from 'graphql-ws';
import { Client, fetchExchange, subscriptionExchange } from 'urql';

/** @param url http://127.0.0.1:4000/graphql */
export function createUrqlClient(url: string, token: string): Client {
  const authorization = `Bearer ${token}`;
  const socket = createClient({ url: url.replace('http', 'ws'), connectionParams: { authorization } });
  return new Client({
    url,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      // Whatever has an id is kept once; types without one are values. Add those that you select.
      cacheExchange({
        keys: { JobProgress: () => null, PageInfo: () => null, SchemaHealth: () => null, UserError: () => null, Viewer: () => null },
        resolvers: { Query: { prospects: relayPagination() } },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables: variables as Record<string, unknown> }, sink) }),
        }),
      }),
    ],
  });
}
