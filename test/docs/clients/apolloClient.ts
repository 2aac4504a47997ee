import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';

declare module '@apollo/client' {
  namespace ApolloClient.DeclareDefaultOptions {
    interface Query { errorPolicy: 'all' }
    interface WatchQuery { errorPolicy: 'all' }
    interface Mutate { errorPolicy: 'all' }
  }
}

/** @param url http://127.0.0.1:4000/graphql */
export function createApolloClient(url: string, token: string): ApolloClient {
  const authorization = `Bearer ${token}`;
  const socket = createClient({ url: url.replace('http', 'ws'), connectionParams: { authorization } });
  return new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: url, headers: { authorization } }),
    ),
    // Whatever has an id is kept once, by type and id. Each list is kept for each filter and order, and grows by fetchMore.
    cache: new InMemoryCache({
      typePolicies: { Query: { fields: { prospects: relayStylePagination(['filter', 'orderBy']) } } },
    }),
    // A broken feature answers null and an error: the rest of the answer is good.
    defaultOptions: { query: { errorPolicy: 'all' }, watchQuery: { errorPolicy: 'all' }, mutate: { errorPolicy: 'all' } },
  });
}
