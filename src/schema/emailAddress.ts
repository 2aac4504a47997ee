import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const address = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

function parse(value: unknown): string {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const local = text.slice(0, text.indexOf('@'));
  if (text.length > 254 || !address.test(text) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) {
    throw new GraphQLError('An e-mail address looks like name@example.org.');
  }
  return text;
}

/** Lower case, with a host that has a top-level domain. */
export const EmailAddress = new GraphQLScalarType<string, string>({
  name: 'EmailAddress',
  description: 'One e-mail address without a display name: `name@example.org`.',
  serialize: String,
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
