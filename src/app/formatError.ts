import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '../config/logger.ts';
import { answerOf } from '../domain/databaseErrors.ts';
import { errorStatus } from '../domain/errors.ts';

const shown = new Set([...Object.keys(errorStatus), 'BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE']);
const suggestion = ' Did you mean ';
/** Messages quote what was sent, which may be half a megabyte. */
const longestMessage = 1_000;

/**
 * What a client sees of an error: those with a code of ours, without stack or suggestion. The rest is logged, and its
 * text stays here; `errorId` is in both.
 */
export function createFormatError(log: Logger): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return ({ message, locations, path, extensions }, error) => {
    const code = String(extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR');
    const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
    if (!shown.has(code) || code === 'INTERNAL_SERVER_ERROR') {
      const errorId = randomUUID();
      log.error({ errorId, err: unwrapResolverError(error), path }, 'an operation failed');
      return { message: 'Something went wrong.', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', errorId } };
    }
    // Where it came about it was given a code, and where it left its field a path.
    const coded = unwrapResolverError(error);
    const cause = coded instanceof GraphQLError ? (coded.originalError ?? coded) : coded;
    if (answerOf(cause)?.isLogged) log.error({ err: cause, path }, message);
    const { stacktrace: _stack, http: _http, ...rest } = extensions ?? {};
    return { message: told(message), ...place, extensions: { ...rest, code } };
  };
}

function told(message: string): string {
  // The parser is recursive.
  if (message === 'Maximum call stack size exceeded') return 'The document nests too deep.';
  const at = message.endsWith('?') ? message.indexOf(suggestion) : -1;
  const text = at < 0 ? message : message.slice(0, at);
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
}
