import { type Client, type Exchange, type Operation, makeOperation, mapExchange } from 'urql';
import { onConnect } from './socket.ts';

const active = new Map<number, Operation>();

/** Remembers the queries that are on screen, so that they can be asked again. */
export const activeQueries: Exchange = mapExchange({
  onOperation(operation) {
    if (operation.kind === 'query') active.set(operation.key, operation);
    else if (operation.kind === 'teardown') active.delete(operation.key);
  },
});

/** Asks the queries on screen again (those with one of `names`, or all); what is shown stays until the answer is there. */
export function refetch(client: Client, names?: readonly string[]): void {
  for (const operation of active.values()) {
    if (names && !names.includes(operationName(operation) ?? '')) continue;
    client.reexecuteOperation(
      makeOperation('query', operation, { ...operation.context, requestPolicy: 'cache-and-network' }),
    );
  }
}

/** Subscriptions that are asked for when the socket comes have begun by then (ms). */
const begunMs = 500;

/**
 * When the socket comes, everything on screen is asked again, once its subscriptions have begun: what happened before is in the answers,
 * what happens after is an event.
 */
export function refetchOnConnect(client: Client): void {
  let timer: ReturnType<typeof setTimeout>;
  onConnect(() => {
    clearTimeout(timer);
    timer = setTimeout(() => refetch(client), begunMs);
  });
}

function operationName(operation: Operation): string | undefined {
  for (const definition of operation.query.definitions) {
    if (definition.kind === 'OperationDefinition') return definition.name?.value;
  }
  return undefined;
}
