import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { isDay, isInstant } from '../domain/instant.ts';

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
/** What PostgreSQL prints for a timestamptz(3) in a UTC session: 2026-11-21 10:00:00.5+00 */
const fromPostgres = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,3}))?\+00$/;

function parse(value: unknown): Date {
  const date = typeof value === 'string' && rfc3339.test(value) && isDay(value) ? new Date(value) : null;
  if (!date || !isInstant(date)) {
    throw new GraphQLError('A DateTime looks like 2026-11-21T10:00:00.000Z, in one of the years 1 to 9999 of UTC.');
  }
  return date;
}

function serialize(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  const match = fromPostgres.exec(String(value));
  if (match) return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(3, '0')}Z`;
  // A session in another time zone prints its offset in hours: 2026-11-21 12:00:00.5+02
  return new Date(String(value).replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00')).toISOString();
}

/** A point in time; goes in as a Date, comes out in UTC with milliseconds. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A point in time as RFC 3339 has it, with milliseconds at most: `2026-11-21T10:00:00.000Z`.',
  serialize,
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
