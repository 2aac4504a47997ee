import {
  execute, getOperationAST, GraphQLError, isInputObjectType, isNonNullType, getNamedType, Kind, OperationTypeNode, typeFromAST, visit, BREAK,
  getVariableValues,
  type DocumentNode, type ExecutionResult, type GraphQLInputType, type GraphQLSchema, type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';

export interface ExecutionRequest {
  document: DocumentNode;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
  context: unknown;
}

export type Executor = (request: ExecutionRequest) => Promise<ExecutionResult>;

interface Plan {
  runs: number;
  /** null: graphql-js runs it, always */
  compiled?: CompiledQuery | null;
}

/**
 * Runs operations over HTTP. graphql-jit runs the queries that it is right about, from their second run on (compiling
 * costs more than one run); graphql-js runs everything else. A plan lives as long as its document, and the documents are
 * in Apollo's bounded cache.
 *
 * @param compileFrom the run that compiles a query; Infinity leaves everything to graphql-js
 */
export function createExecutor(schema: GraphQLSchema, { compileFrom = 2 } = {}): Executor {
  const plans = new WeakMap<DocumentNode, Map<string, Plan>>();

  const planOf = (document: DocumentNode, name: string): Plan => {
    const byName = plans.get(document) ?? new Map<string, Plan>();
    plans.set(document, byName);
    const plan = byName.get(name) ?? { runs: 0 };
    byName.set(name, plan);
    return plan;
  };

  return async ({ document, operationName, variables, context }) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return { errors: [badRequest('There is no operation with this name.')] };
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
      return { errors: [badRequest('Subscriptions run over the WebSocket on this path, not over HTTP.')] };
    }
    // graphql-jit would answer wrong variables with an internal error.
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, { maxErrors: 20 });
    if (coerced.errors) {
      return { errors: coerced.errors.map((error) => new GraphQLError(error.message, { nodes: error.nodes, extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })) };
    }
    const plan = planOf(document, operation.name?.value ?? '');
    plan.runs += 1;
    if (plan.compiled === undefined && plan.runs >= compileFrom) plan.compiled = compile(schema, document, operation);
    if (plan.compiled) return plan.compiled.query(undefined, context, variables ?? {});
    return execute({ schema, document, operationName, variableValues: variables, contextValue: context });
  };
}

const badRequest = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });

function compile(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery | null {
  if (!mayCompile(schema, document, operation)) return null;
  const compiled = compileQuery(schema, document, operation.name?.value);
  return isCompiledQuery(compiled) ? compiled : null;
}

/**
 * Where graphql-jit 0.8 is known to be right: queries without introspection, without variables inside literals (one that
 * is not given would become null instead of leaving the default), and without variables whose input objects have
 * non-null fields with defaults (which it refuses).
 */
export function mayCompile(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): boolean {
  if (operation.operation !== OperationTypeNode.QUERY) return false;
  for (const { type } of operation.variableDefinitions ?? []) {
    const named = typeFromAST(schema, type as never) as GraphQLInputType | undefined;
    if (!named || demandsDefaults(named, new Set())) return false;
  }
  let fine = true;
  const refuse = () => {
    fine = false;
    return BREAK;
  };
  const refuseVariable = { Variable: refuse };
  visit(document, {
    Field: (node) => (node.name.value === '__schema' || node.name.value === '__type' ? refuse() : undefined),
    enter: (node) => {
      if (node.kind !== Kind.OBJECT && node.kind !== Kind.LIST) return undefined;
      visit(node, refuseVariable);
      return fine ? undefined : BREAK;
    },
  });
  return fine;
}

function demandsDefaults(type: GraphQLInputType, seen: Set<unknown>): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || seen.has(named)) return false;
  seen.add(named);
  return Object.values(named.getFields()).some(
    (field) => (isNonNullType(field.type) && field.defaultValue !== undefined) || demandsDefaults(field.type, seen),
  );
}
