import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';

/** What is told to a key that has no points for so long (ms); null for 0. */
export function rateLimited(waitMs: number): GraphQLError | null {
  if (waitMs === 0) return null;
  const retryAfter = Math.ceil(waitMs / 1000);
  return new GraphQLError(`This key has used up its points for now (RATE_LIMIT): try again in ${retryAfter} s.`, {
    extensions: { code: 'RATE_LIMITED', http: { status: 429, headers: new HeaderMap([['retry-after', String(retryAfter)]]) }, retryAfter },
  });
}
