import type { DriftEffect } from '../report.ts';

const families: [RegExp, string][] = [
  [/^(smallint|integer|bigint)$/, 'integer'],
  [/^numeric/, 'numeric'],
  [/^(real|double precision)$/, 'float'],
  [/^(text|character varying|character\b|citext)/, 'text'],
  [/^timestamp.* with time zone$/, 'timestamptz'],
  [/^timestamp/, 'timestamp'],
  [/^(json|jsonb)$/, 'json'],
];

/** What a column of another type does to people. Lists, numbers and texts of one family differ in size only. */
export function typeEffect(expected: string, actual: string): { effect: DriftEffect; sqlState?: string } {
  const family = familyOf(expected);
  if (family !== familyOf(actual)) {
    return family === 'timestamptz' || family === 'numeric' ? { effect: 'SILENT' } : { effect: 'FAILS', sqlState: '42804' };
  }
  switch (family) {
    case 'integer':
      // A bigint arrives as text in JavaScript.
      return actual === 'bigint' ? { effect: 'SILENT' } : narrower(size(expected), size(actual), '22003');
    case 'text':
      return narrower(length(expected), length(actual), '22001');
    case 'numeric':
      return scale(actual) < scale(expected) ? { effect: 'SILENT' } : narrower(length(expected) - scale(expected), length(actual) - scale(actual), '22003');
    case 'timestamptz':
    case 'timestamp':
      return length(actual, 6) < length(expected, 6) ? { effect: 'SILENT' } : { effect: 'NONE' };
    default:
      return { effect: 'FAILS', sqlState: '42804' };
  }
}

function familyOf(type: string): string {
  return families.find(([pattern]) => pattern.test(type))?.[1] ?? type;
}

function narrower(expected: number, actual: number, sqlState: string): { effect: DriftEffect; sqlState?: string } {
  return actual < expected ? { effect: 'WRITE_FAILS', sqlState } : { effect: 'NONE' };
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
