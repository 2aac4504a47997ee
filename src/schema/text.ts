import { GraphQLError } from 'graphql';

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
export function refuseUnstorable(value: string): string {
  if (value.includes('\0') || !value.isWellFormed()) throw new GraphQLError('Text must not contain NUL or lone surrogates.');
  return value;
}
