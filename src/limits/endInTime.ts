import { getOperationAST, GraphQLError, OperationTypeNode, type DocumentNode } from 'graphql';
import { RequestScope, type OperationEnded } from './RequestScope.ts';
import { isUnhurried } from './unhurried.ts';

export interface TimedOperation {
  document: DocumentNode;
  operationName?: string | null | undefined;
  /** whose it is; undefined: nobody's that is limited */
  holder?: string | undefined;
  /** tells when whoever asked has left */
  onLeave: ((leave: () => void) => void) | undefined;
  /** of the request, where it may run its operation in more than one way: all have one deadline */
  scope?: RequestScope | undefined;
}

/**
 * Runs an operation that ends at its deadline, or, where it only reads, when whoever asked has left; its statements end with it.
 *
 * @param deadlineMs 0 sets none
 * @throws {OperationEnded}
 */
export function endInTime<Value>({ document, operationName, holder, onLeave, scope = new RequestScope() }: TimedOperation, deadlineMs: number, run: () => Promise<Value>): Promise<Value> {
  scope.holder = holder;
  const operation = getOperationAST(document, operationName);
  const reads = operation?.operation === OperationTypeNode.QUERY;
  if (operation && !reads && isUnhurried(document, operation)) {
    scope.takeTime();
    return scope.run(run);
  }
  const timer = deadlineMs > 0 ? setTimeout(() => scope.end('deadline'), Math.max(0, deadlineMs - scope.age)) : undefined;
  // Whoever leaves after they have asked for a change wants it all the same.
  if (reads) onLeave?.(() => scope.end('left'));
  return scope.run(run).finally(() => clearTimeout(timer));
}

export function deadlineExceeded({ message }: OperationEnded): GraphQLError {
  return new GraphQLError(`${message} (REQUEST_DEADLINE_SECONDS). Ask for less; what became of a mutation is to be read.`, {
    extensions: { code: 'DEADLINE_EXCEEDED', http: { status: 504 } },
  });
}
