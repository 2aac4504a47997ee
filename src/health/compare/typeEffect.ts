import type { Domain } from '../catalog.ts';
import type { DriftEffect } from '../report.ts';

interface TypeEffect {
  effect: DriftEffect;
  sqlState?: string;
  /** what happens, in the words of an operator */
  words: string;
}

const families: [RegExp, string][] = [
  [/^(smallint|integer|bigint)$/, 'integer'],
  [/^numeric/, 'numeric'],
  [/^(real|double precision)$/, 'float'],
  [/^(text|character varying)/, 'text'],
  [/^(character\b|bpchar)/, 'padded text'],
  [/^timestamp.* with time zone$/, 'timestamptz'],
  [/^timestamp/, 'timestamp'],
];

/** Values of these are taken for values of those, with a loss that nobody is told of. */
const quietly: Record<string, Record<string, string>> = {
  integer: { numeric: 'its numbers arrive as text', float: 'large numbers are rounded' },
  numeric: { integer: 'decimals are rounded away', float: 'decimals are rounded' },
  float: { integer: 'decimals are rounded away', numeric: 'its numbers arrive as text' },
  text: { citext: 'upper and lower case are the same to it', 'padded text': 'texts are padded with spaces, or refused as too long' },
  timestamptz: { timestamp: 'times lose their zone', date: 'times lose their hour' },
  timestamp: { timestamptz: 'times get the zone of the session', date: 'times lose their hour' },
  date: { timestamptz: 'days become times', timestamp: 'days become times' },
  json: { jsonb: 'the order and the doubles of keys are lost' },
};

/**
 * What a column of another type does to people: parameters are typed by their column, so most writes go on, until
 * something is compared, cast or read that does not fit any more. SQLSTATEs are those that our statements meet.
 */
export function typeEffect(expected: string, actual: string): TypeEffect {
  const [family, found] = [familyOf(expected), familyOf(actual)];
  if (family === found) return ofOneFamily(family, expected, actual);
  const loss = quietly[family]?.[found];
  if (loss) return { effect: 'SILENT', words: loss };
  // Whatever is read of text by the type's own rules is refused; elsewhere no operator is found.
  const refuses = family === 'text' && !['boolean', 'bytea'].includes(found);
  if (expected === 'boolean' || (expected.endsWith('[]') !== actual.endsWith('[]'))) return { effect: 'FAILS', sqlState: '42804', words: 'what we write or ask for does not fit it' };
  return refuses
    ? { effect: 'FAILS', sqlState: '22P02', words: 'texts that it cannot read are refused, and those that it reads cannot be compared' }
    : { effect: 'FAILS', sqlState: '42883', words: 'what we compare it with does not fit it' };
}

/** What is stored as a domain behaves as the type beneath, but for what the domain refuses. */
export function domainEffect(expected: string, actual: string, { base, notNull, checks }: Domain): TypeEffect {
  if (base !== expected) return typeEffect(expected, base);
  if (checks.length > 0) return { effect: 'WRITE_FAILS', sqlState: '23514', words: `what the domain ${actual} does not allow (${checks.map(({ expression }) => expression).join(', ')}) is refused` };
  return notNull ? { effect: 'WRITE_FAILS', sqlState: '23502', words: `the domain ${actual} refuses NULL` } : wider;
}

function ofOneFamily(family: string, expected: string, actual: string): TypeEffect {
  switch (family) {
    case 'integer':
      // A bigint arrives as text in JavaScript.
      return actual === 'bigint' ? { effect: 'SILENT', words: 'its numbers arrive as text' } : narrower(size(expected), size(actual), '22003', 'numbers that are too large for it are refused');
    case 'float':
      return actual === 'real' ? { effect: 'SILENT', words: 'decimals are rounded' } : wider;
    case 'text':
      return narrower(length(expected), length(actual), '22001', 'texts that are too long for it are refused');
    case 'numeric':
      return scale(actual) < scale(expected)
        ? { effect: 'SILENT', words: 'decimals are rounded away' }
        : narrower(length(expected) - scale(expected), length(actual) - scale(actual), '22003', 'numbers that are too large for it are refused');
    case 'timestamptz':
    case 'timestamp':
      if (length(actual, 6) < length(expected, 6)) return { effect: 'SILENT', words: 'times are rounded' };
      // Cursors hold milliseconds.
      return length(expected, 6) <= 3 ? { effect: 'SILENT', words: 'its times are finer than cursors, so pages may skip or repeat rows' } : wider;
    default:
      return { effect: 'FAILS', sqlState: '42804', words: 'what we write or ask for does not fit it' };
  }
}

const wider: TypeEffect = { effect: 'NONE', words: 'it takes whatever we write' };

function familyOf(type: string): string {
  return type.endsWith('[]') ? type : (families.find(([pattern]) => pattern.test(type))?.[1] ?? type);
}

function narrower(expected: number, actual: number, sqlState: string, words: string): TypeEffect {
  return actual < expected ? { effect: 'WRITE_FAILS', sqlState, words } : wider;
}

/** the first number in brackets; without one there is no limit, unless `unlimited` says another */
function length(type: string, unlimited = Infinity): number {
  return Number(/\((\d+)/.exec(type)?.[1] ?? unlimited);
}

function scale(type: string): number {
  const [, digits] = /\(\d+,(-?\d+)\)/.exec(type) ?? [];
  return digits === undefined ? (type.includes('(') ? 0 : 1000) : Number(digits);
}

function size(type: string): number {
  return { smallint: 2, integer: 4, bigint: 8 }[type] ?? 0;
}
