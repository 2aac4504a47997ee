import { GraphQLError, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Limits } from '../config/limits.ts';
import { checkInput } from './checkInput.ts';
import { createDocumentCheck, type CheckDocument } from './checkDocument.ts';
import { compileCost, type Cost } from './compileCost.ts';

/** What stands before every operation, over HTTP and over WebSocket alike. */
export interface Gate {
  check: CheckDocument;
  /** Why variables are not read as they came; null when they are. */
  refuseInput(variables: unknown): GraphQLError | null;
  /** Points of an operation of a document that passed `check`, with coerced variables. */
  costOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): number;
  /** Why an operation of so many points is not run; null when it is. */
  refuse(cost: number): GraphQLError | null;
}

export function createGate(schema: GraphQLSchema, { document: limits, input, introspection }: Pick<Limits, 'document' | 'input' | 'introspection'>): Gate {
  const costs = new WeakMap<OperationDefinitionNode, Cost>();
  return {
    check: createDocumentCheck(schema, { limits, introspection }),
    refuseInput: (variables) => checkInput(variables, input),
    costOf(document, operation, variables) {
      let cost = costs.get(operation);
      if (!cost) costs.set(operation, (cost = compileCost(schema, document, operation)));
      return cost(variables);
    },
    refuse(cost) {
      if (limits.cost === 0 || cost <= limits.cost) return null;
      return new GraphQLError(`The operation costs ${cost} points; ${limits.cost} are allowed (LIMIT_COST). Ask for smaller pages, or in several requests.`, {
        extensions: { code: 'MAX_COST_EXCEEDED', http: { status: 400 }, cost, maxCost: limits.cost },
      });
    },
  };
}
