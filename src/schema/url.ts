import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const blankOrControl = /[\p{Cc}\s]/u;
/** Of what is typed, and of what is kept: a letter beyond ASCII is kept as six or nine characters. */
const longest = 2048;

function parse(value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  const url = blankOrControl.test(text) || !text.isWellFormed() || text.length > longest ? null : URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || !url.hostname || url.href.length > longest) {
    throw new GraphQLError(`A URL starts with http:// or https://, has no user name, spaces or control characters, and ${longest} characters at most.`);
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
