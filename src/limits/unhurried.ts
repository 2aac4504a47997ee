import { Kind, separateOperations, visit, type DocumentNode, type OperationDefinitionNode } from 'graphql';

/**
 * The mutations that take as long as they take: the schema is mended, or rows are decided on of which there can be any number.
 * They have no deadline, and each statement of their transactions may take longer. Every other one is bounded by what it is given: 1,000 ids at
 * most, or one row.
 */
export const unhurried: ReadonlySet<string> = new Set([
  'repairSchema',
  'applyMigrations',
  // By a filter, or all that are due, approved or failed.
  'reviewProspects',
  'tagProspects',
  'startDraftJob',
  'followUp',
  'sendMessages',
  'retryJob',
  // All that waits to be sent for a job, or to whoever is at a domain.
  'cancelJob',
  'suppress',
  'unsuppress',
  // Every text that mentions a person.
  'eraseProspect',
  // With all its deliveries.
  'deleteWebhook',
]);

const known = new WeakMap<OperationDefinitionNode, boolean>();

/** Whether an operation of a valid document has one of these mutations. */
export function isUnhurried(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  let found = known.get(operation);
  if (found === undefined) {
    found = false;
    visit(separateOperations(document)[operation.name?.value ?? '']!, {
      [Kind.FIELD]({ name }) {
        found ||= unhurried.has(name.value);
      },
    });
    known.set(operation, found);
  }
  return found;
}
