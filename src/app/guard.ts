import {
  defaultFieldResolver, GraphQLError, isIntrospectionType, isObjectType,
  type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema,
} from 'graphql';
import { answerOf, databaseFailure } from '../domain/databaseErrors.ts';
import { OutriderError } from '../domain/errors.ts';
import { notReadyMessage, type MissingParts, type ServerContext } from './context.ts';
import { coordinatesOf } from './coordinates.ts';
import { requireRole } from './roles.ts';

type Args = Record<string, unknown>;
type Resolve = GraphQLFieldResolver<unknown, ServerContext, Args>;

/**
 * Puts the roles before the root fields, the schema's health before what it can harm without an error, and gives every
 * error of a resolver its code. In place, once: fields that only read a property stay as they are, which is what keeps a
 * page cheap.
 */
export function guard(schema: GraphQLSchema): void {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve, subscribe } = field;
      const isRead = type !== schema.getMutationType();
      if (resolve && resolve !== defaultFieldResolver) {
        const safe = coded(gated(isRead ? resolve : writing(resolve), isRead));
        field.resolve = roots.has(type) ? allowed(type, field.name, safe) : safe;
      }
      if (subscribe) field.subscribe = allowed(type, field.name, coded(gated(watching(subscribe), false)));
    }
  }
}

function allowed(type: GraphQLObjectType, field: string, resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    requireRole(context.actor.role, type.name, field);
    return resolve(source, args, context, info);
  };
}

/** What a mutation did may have been done whatever it answers. */
function writing(resolve: Resolve): Resolve {
  return (source, args, context, info) => context.writing(() => resolve(source, args, context, info));
}

/** Events are of the primary, and so is what is shown with them. */
function watching(subscribe: Resolve): Resolve {
  return (source, args, context, info) => {
    context.usePrimary();
    return subscribe(source, args, context, info);
  };
}

/**
 * Refuses what cannot work before anything has happened: writes and subscriptions whatever is missing, because half of
 * what they do may be done by the time of an error; reads only where there would be no error, but a wrong answer.
 */
function gated(resolve: Resolve, isRead: boolean): Resolve {
  return (source, args, context, info) => {
    if (!context.isSchemaBroken()) return resolve(source, args, context, info);
    return context.lacking(coordinatesOf(args, info, isRead ? 'row' : 'all'), { quietly: isRead }).then((parts) => {
      if (parts) throw notReady(parts);
      return resolve(source, args, context, info);
    });
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
  const answer = answerOf(error);
  if (answer) throw new GraphQLError(answer.message, { originalError: error as Error, extensions: { code: answer.code } });
  const parts = databaseFailure(error) === 'schema' ? await context.explain(error as Error, coordinatesOf(args, info, 'edges')) : null;
  throw parts ? notReady(parts, error as Error) : withCode(error);
}

function notReady(parts: MissingParts, originalError?: Error): GraphQLError {
  return new GraphQLError(notReadyMessage(parts), {
    originalError,
    extensions: { code: 'SCHEMA_NOT_READY', ...parts },
  });
}

function withCode(error: unknown): unknown {
  if (!(error instanceof OutriderError)) return error;
  return new GraphQLError(error.message, { originalError: error, extensions: { code: error.code, ...error.extensions } });
}
