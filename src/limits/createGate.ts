import { GraphQLError, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Limits } from '../config/limits.ts';
import { checkInput } from './checkInput.ts';
import { createDocumentCheck, type CheckDocument } from './checkDocument.ts';
import { compileCost, ofOperation, type Cost } from './compileCost.ts';
import { rateLimited } from './rateLimited.ts';
import type { RateLimiter, ThrottleStatus } from './RateLimiter.ts';
import type { TrustedDocuments } from './TrustedDocuments.ts';

/** Who asks, as far as limits are concerned. */
export interface Caller {
  name: string;
  /** nothing keeps its holder waiting */
  isAdminToken?: true;
}

/** What stands before every operation, over HTTP and over WebSocket alike. */
export interface Gate {
  check: CheckDocument;
  /** Why variables are not read as they came; null when they are. */
  refuseInput(variables: unknown): GraphQLError | null;
  /** Points of an operation of a document that passed `check`, with coerced variables. */
  costOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): number;
  /** Why an operation of so many points is not run now; null when it is, and they are used. */
  admit(caller: Caller, cost: number): GraphQLError | null | Promise<GraphQLError | null>;
  /** What every event of a subscription that costs so many points takes from its reader: 0 when it has, else how many milliseconds later it could. */
  takeEvents(caller: Caller, cost: number, events: number): number | Promise<number>;
  /** null for whoever has no limit */
  status(caller: Caller): ThrottleStatus | null;
}

/** @param trusted the only documents that pass; null: all */
export function createGate(
  schema: GraphQLSchema, { document: limits, input, introspection }: Pick<Limits, 'document' | 'input' | 'introspection'>, rate: RateLimiter, trusted: TrustedDocuments | null = null,
): Gate {
  const costs = new WeakMap<OperationDefinitionNode, Cost>();
  return {
    check: createDocumentCheck(schema, { limits, introspection, trusted }),
    refuseInput: (variables) => checkInput(variables, input),
    costOf(document, operation, variables) {
      let cost = costs.get(operation);
      if (!cost) costs.set(operation, (cost = compileCost(schema, document, operation)));
      return cost(variables);
    },
    admit({ name, isAdminToken }, cost) {
      if (limits.cost > 0 && cost > limits.cost) return tooExpensive(cost, limits.cost);
      if (isAdminToken) return null;
      const wait = rate.take(name, cost);
      return typeof wait === 'number' ? rateLimited(wait) : wait.then(rateLimited);
    },
    // Neither read nor checked again.
    takeEvents: ({ name, isAdminToken }, cost, events) => (isAdminToken ? 0 : rate.take(name, (cost - ofOperation) * events)),
    status: ({ name, isAdminToken }) => (isAdminToken ? null : rate.status(name)),
  };
}

function tooExpensive(cost: number, maxCost: number): GraphQLError {
  return new GraphQLError(`The operation costs ${cost} points; ${maxCost} are allowed (LIMIT_COST). Ask for smaller pages, or in several requests.`, {
    extensions: { code: 'MAX_COST_EXCEEDED', http: { status: 400 }, cost, maxCost },
  });
}
