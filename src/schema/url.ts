import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const blankOrControl = /[\p{Cc}\s]/u;

function parse(value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  const url = blankOrControl.test(text) || !text.isWellFormed() || text.length > 2048 ? null : URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || !url.hostname) {
    throw new GraphQLError('A URL starts with http:// or https:// and has no user name, spaces or control characters.');
  }
  return url.href;
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
