import { getOperationAST, GraphQLError, Kind, OperationTypeNode, visit, type DocumentNode } from 'graphql';
import { RequestScope, type OperationEnded } from './RequestScope.ts';

/** What takes as long as it takes: the schema is mended, or rows are decided on whose number was confirmed. */
const unhurried: ReadonlySet<string> = new Set(['repairSchema', 'applyMigrations', 'reviewProspects']);

export interface TimedOperation {
  document: DocumentNode;
  operationName?: string | null | undefined;
  /** tells when whoever asked has left */
  onLeave: ((leave: () => void) => void) | undefined;
}

/**
 * Runs an operation that ends at its deadline, or, where it only reads, when whoever asked has left; its statements end with it.
 *
 * @param deadlineMs 0 sets none
 * @throws {OperationEnded}
 */
export function endInTime<Value>({ document, operationName, onLeave }: TimedOperation, deadlineMs: number, run: () => Promise<Value>): Promise<Value> {
  const operation = getOperationAST(document, operationName);
  const reads = operation?.operation === OperationTypeNode.QUERY;
  if (!reads && isUnhurried(document)) return run();
  const scope = new RequestScope();
  const timer = deadlineMs > 0 ? setTimeout(() => scope.end('deadline'), deadlineMs) : undefined;
  // Whoever leaves after they have asked for a change wants it all the same.
  if (reads) onLeave?.(() => scope.end('left'));
  return scope.run(run).finally(() => clearTimeout(timer));
}

export function deadlineExceeded({ message }: OperationEnded): GraphQLError {
  return new GraphQLError(`${message} (REQUEST_DEADLINE_SECONDS). Ask for less; what became of a mutation is to be read.`, {
    extensions: { code: 'DEADLINE_EXCEEDED', http: { status: 504 } },
  });
}

const known = new WeakMap<DocumentNode, boolean>();

function isUnhurried(document: DocumentNode): boolean {
  let found = known.get(document);
  if (found === undefined) {
    found = false;
    visit(document, {
      [Kind.FIELD]({ name }) {
        found ||= unhurried.has(name.value);
      },
    });
    known.set(document, found);
  }
  return found;
}
