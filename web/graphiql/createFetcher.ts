import type { ComponentProps } from 'react';
import type { GraphiQL } from 'graphiql';
import { getOperationAST, parse, type OperationDefinitionNode } from 'graphql';
import { createClient } from 'graphql-ws';

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];
type Params = Parameters<Fetcher>[0];
type Headers = Record<string, string>;

/**
 * Asks the server that serves the page: queries and mutations over HTTP, subscriptions over WebSocket on the same path. The
 * session's cookie goes with both; an `authorization` among the headers stands before it.
 */
export function createFetcher(path: string): Fetcher {
  return (params, { headers } = {}) => {
    const operation = operationOf(params);
    const asked = operation ? { ...params, operationName: operation.name?.value } : params;
    return operation?.operation === 'subscription' ? watch(path, asked, headers) : ask(path, asked, headers);
  };
}

/** GraphiQL goes on telling the name of the operation of another tab for a moment, in which somebody runs this one. */
function operationOf({ query, operationName }: Params): OperationDefinitionNode | null | undefined {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document);
  } catch {
    // The server says what is wrong with it.
    return null;
  }
}

async function ask(path: string, params: Params, headers: Headers = {}): Promise<object> {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(params) });
  return (await response.json()) as object;
}

/** A socket for each run, because the token is told when it opens. */
async function* watch(path: string, { query, variables, operationName }: Params, headers: Headers = {}): AsyncGenerator<object> {
  const socket = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`,
    connectionParams: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    // Whoever tries things out wants to be told at once.
    retryAttempts: 0,
  });
  try {
    yield* socket.iterate({ query, variables: variables as Record<string, unknown>, operationName });
  } catch (error) {
    yield { errors: Array.isArray(error) ? error : [{ message: error instanceof CloseEvent ? reasonOf(error) : String(error) }] };
  }
}

function reasonOf({ code, reason }: CloseEvent): string {
  if (code === 4403) return 'The server does not know you: sign in to the dashboard, or give {"authorization": "Bearer TOKEN"} under Headers.';
  return `The server closed the WebSocket: ${code} ${reason}`.trim();
}
