import {
  execute as graphqlExecute, getOperationAST, getVariableValues, GraphQLError, OperationTypeNode,
  type DocumentNode, type ExecutionResult, type GraphQLSchema, type OperationDefinitionNode,
} from 'graphql';
import { waitedInVain } from '../domain/databaseErrors.ts';
import type { Caller, Gate } from '../limits/createGate.ts';
import { currentScope } from '../limits/RequestScope.ts';
import { compileQuery } from './compileQuery.ts';
import { RecentDocuments } from './RecentDocuments.ts';

export interface ExecutionRequest {
  /** the text of the document */
  query?: string;
  document: DocumentNode;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
  context: unknown;
  /** whether the answer tells what the operation costs */
  tellsCost?: boolean;
}

/** The `data` of a result, written already. */
export class WrittenData {
  constructor(readonly json: string) {}

  toJSON(): unknown {
    return JSON.parse(this.json);
  }
}

interface Plan {
  runs: number;
  /** null: graphql-js runs it, always */
  compiled?: ReturnType<typeof compileQuery>;
  /** its last answer had an error */
  failed: boolean;
}

export interface Executor {
  /** Runs any operation over HTTP. */
  execute(request: ExecutionRequest): Promise<ExecutionResult>;
  /** The JSON of `data` of a compiled query; null where it is not compiled, and where anything goes wrong: `execute` says what. */
  write(request: ExecutionRequest): Promise<string | null>;
  /** The document of a text that `execute` has answered by `write`: one that passed the gate. */
  documentOf(query: string): DocumentNode | undefined;
}

/**
 * Queries are compiled at their second run, and write their answer as text while they are resolved; where anything goes
 * wrong the text is dropped, and graphql-js runs the query from the start, until it goes well again: there is one way only
 * in which errors come about, each at its place, beside what could be answered. After a statement that was waited for in vain it
 * begins none: what needs no database is answered, and nobody waits twice. It runs everything else too. A plan lives as long as
 * its document, which this and Apollo keep in bounded caches.
 *
 * @param compileFrom the run that compiles a query; Infinity leaves everything to graphql-js
 */
export function createExecutor(schema: GraphQLSchema, gate: Gate, { compileFrom = 2 } = {}): Executor {
  const plans = new WeakMap<DocumentNode, Map<string, Plan>>();
  const documents = new RecentDocuments();

  const planOf = (document: DocumentNode, name: string): Plan => {
    const byName = plans.get(document) ?? new Map<string, Plan>();
    plans.set(document, byName);
    const plan = byName.get(name) ?? { runs: 0, failed: false };
    byName.set(name, plan);
    return plan;
  };

  const variablesOf = (operation: OperationDefinitionNode, variables: ExecutionRequest['variables']) =>
    getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, { maxErrors: 5 });

  /** The plan of what goes well when it is compiled; null of what graphql-js runs. */
  const readyPlan = (document: DocumentNode, operation: OperationDefinitionNode | null | undefined): Plan | null => {
    if (operation?.operation !== OperationTypeNode.QUERY) return null;
    const plan = planOf(document, operation.name?.value ?? '');
    plan.runs += 1;
    if (plan.compiled === undefined && plan.runs >= compileFrom) plan.compiled = compileQuery(schema, document, operation);
    return plan.compiled && !plan.failed ? plan : null;
  };

  async function write({ document, operationName, variables, context }: ExecutionRequest): Promise<string | null> {
    const operation = getOperationAST(document, operationName);
    const plan = operation && readyPlan(document, operation);
    if (!plan || gate.refuseInput(variables)) return null;
    const { coerced } = variablesOf(operation, variables);
    if (!coerced) return null;
    const refused = admit(context, gate.costOf(document, operation, coerced));
    if (refused !== null && (await refused) !== null) return null;
    return run(plan, context, coerced);
  }

  async function run(plan: Plan, context: unknown, variables: Readonly<Record<string, unknown>>): Promise<string | null> {
    try {
      return (await plan.compiled?.(variables)?.(context, variables)) ?? null;
    } catch (error) {
      plan.failed = true;
      const failure = waitedInVain(error);
      if (failure) currentScope()?.refuse(failure);
      return null;
    }
  }

  /** Once a request: where it is answered in the other way after all, it is not asked for its points again. */
  const admit = (context: unknown, cost: number) => {
    const ask = () => gate.admit(callerOf(context), cost);
    const scope = currentScope();
    return scope ? scope.admitOnce(ask) : ask();
  };

  async function execute(request: ExecutionRequest): Promise<ExecutionResult> {
    const { query, document, operationName, variables, context, tellsCost } = request;
    const invalid = gate.check(document);
    if (invalid.length > 0) return { errors: invalid };
    const operation = getOperationAST(document, operationName);
    if (!operation) return { errors: [badRequest('There is no operation with this name.')] };
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
      return { errors: [badRequest('Subscriptions run over the WebSocket on this path, not over HTTP.')] };
    }
    const unread = gate.refuseInput(variables);
    if (unread) return { errors: [unread] };
    const { errors, coerced } = variablesOf(operation, variables);
    if (errors) {
      return { errors: errors.map((error) => new GraphQLError(error.message, { nodes: error.nodes, extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })) };
    }
    const cost = gate.costOf(document, operation, coerced);
    const refused = await admit(context, cost);
    if (refused) return { errors: [refused] };
    const extensions = tellsCost ? { extensions: { cost: { requestedQueryCost: cost, throttleStatus: gate.status(callerOf(context)) } } } : {};
    const plan = readyPlan(document, operation);
    const written = plan && (await run(plan, context, coerced));
    if (written !== null) {
      if (query !== undefined) documents.set(query, document);
      return { data: new WrittenData(written) as never, ...extensions };
    }
    const result = await graphqlExecute({ schema, document, operationName, variableValues: variables, contextValue: context });
    planOf(document, operation.name?.value ?? '').failed = result.errors !== undefined;
    return { ...result, ...extensions };
  }

  return { execute, write, documentOf: (query) => documents.get(query) };
}

/** Every context knows who asks. */
const callerOf = (context: unknown) => (context as { actor: Caller }).actor;

const badRequest = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
