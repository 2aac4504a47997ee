import {
  defaultFieldResolver, getNamedType, GraphQLError, isEnumType, isInputObjectType, isIntrospectionType, isObjectType,
  type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema,
} from 'graphql';
import { OutriderError } from '../domain/errors.ts';
import { Selection } from '../queries/selection.ts';
import type { ServerContext } from './context.ts';
import { databaseFailure } from './databaseErrors.ts';
import { requireRole } from './roles.ts';

type Args = Record<string, unknown>;
type Resolve = GraphQLFieldResolver<unknown, ServerContext, Args>;

/**
 * Puts the roles before the root fields, and gives every error of a resolver its code. In place, once: fields that
 * only read a property stay as they are, which is what keeps a page cheap.
 */
export function guard(schema: GraphQLSchema): void {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve, subscribe } = field;
      if (resolve && resolve !== defaultFieldResolver) field.resolve = coded(roots.has(type) ? allowed(type, field.name, resolve) : resolve);
      if (subscribe) field.subscribe = coded(allowed(type, field.name, subscribe));
    }
  }
}

function allowed(type: GraphQLObjectType, field: string, resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    requireRole(context.actor.role, type.name, field);
    return resolve(source, args, context, info);
  };
}

function coded(resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    try {
      const result = resolve(source, args, context, info);
      return result instanceof Promise ? result.catch((error: unknown) => rethrow(error, args, context, info)) : result;
    } catch (error) {
      const failure = databaseFailure(error);
      if (failure === null) throw withCode(error);
      return rethrow(error, args, context, info);
    }
  };
}

async function rethrow(error: unknown, args: Args, context: ServerContext, info: GraphQLResolveInfo): Promise<never> {
  switch (databaseFailure(error)) {
    case 'unavailable':
      throw new GraphQLError('The database does not answer.', { originalError: error as Error, extensions: { code: 'DATABASE_UNAVAILABLE' } });
    case 'timeout':
      throw new GraphQLError('The database took too long.', { originalError: error as Error, extensions: { code: 'TIMEOUT' } });
    case 'schema': {
      const parts = await context.missingFor([...outputCoordinates(info), ...inputCoordinates(args, info)]);
      if (parts === null) throw withCode(error);
      throw new GraphQLError(`The database schema is not ready: ${parts.missing.join(', ')}.`, {
        originalError: error as Error,
        extensions: { code: 'SCHEMA_NOT_READY', ...parts },
      });
    }
    case null:
      throw withCode(error);
  }
}

function withCode(error: unknown): unknown {
  if (!(error instanceof OutriderError)) return error;
  return new GraphQLError(error.message, { originalError: error, extensions: { code: error.code, ...error.extensions } });
}

/** The field itself and everything that the request asks below it, down to where the lists' nodes have their fields. */
function outputCoordinates(info: GraphQLResolveInfo): string[] {
  const found = [`${info.parentType.name}.${info.fieldName}`];
  const visit = (typeName: string, selection: Selection, depth: number): void => {
    const type = info.schema.getType(typeName);
    if (!isObjectType(type) || depth > 4) return;
    for (const [name, below] of selection.fields(typeName)) {
      const field = type.getFields()[name];
      if (!field) continue;
      found.push(`${typeName}.${name}`);
      visit(getNamedType(field.type).name, below, depth + 1);
    }
  };
  visit(getNamedType(info.returnType).name, new Selection(info), 0);
  return found;
}

/** The filters and orders that were given, such as `ProspectFilter.search` and `ProspectOrderField.DISPLAY_NAME`. */
function inputCoordinates(args: Args, { parentType, fieldName }: GraphQLResolveInfo): string[] {
  const given = parentType.getFields()[fieldName]?.args ?? [];
  return given.flatMap(({ name, type: argumentType }) => {
    const input = getNamedType(argumentType);
    const value = args[name];
    if (!isInputObjectType(input) || typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      const type = getNamedType(input.getFields()[key]?.type);
      const chosen = isEnumType(type) ? type.getValues().filter((option) => option.value === inner) : [];
      return [`${input.name}.${key}`, ...chosen.map((option) => `${type?.name}.${option.name}`)];
    });
  });
}
