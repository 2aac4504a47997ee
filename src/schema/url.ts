import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { maxUrlLength, parseAbsoluteUrl, UrlError } from '../domain/url.ts';

function parse(value: unknown): string {
  try {
    return parseAbsoluteUrl(typeof value === 'string' ? value : '').href;
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    throw new GraphQLError(`A URL starts with http:// or https://, has no user name, spaces or control characters, and ${maxUrlLength} characters at most.`);
  }
}

/** http and https only; the host comes out in punycode and lower case. */
export const UrlScalar = new GraphQLScalarType<string, string>({
  name: 'URL',
  description: 'An absolute http or https address without user information.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  serialize: String,
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
