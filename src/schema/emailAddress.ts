import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { EmailAddressError, normalizeEmailAddress } from '../domain/emailAddress.ts';

function parse(value: unknown): string {
  try {
    return normalizeEmailAddress(typeof value === 'string' ? value : '');
  } catch (error) {
    if (!(error instanceof EmailAddressError)) throw error;
    throw new GraphQLError('An e-mail address looks like name@example.org.');
  }
}

/** Lower case, with its domain in punycode. */
export const EmailAddress = new GraphQLScalarType<string, string>({
  name: 'EmailAddress',
  description: 'One e-mail address without a display name: `name@example.org`.',
  serialize: String,
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
