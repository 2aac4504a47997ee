import type { Index, IndexKey } from '../catalog.ts';
import { effectsByUrgency, type DriftEffect } from '../report.ts';
import { sameCollation } from './sameCollation.ts';
import { sameText } from './sqlText.ts';

interface Difference {
  effect: DriftEffect;
  sqlState?: string;
  words: string;
  /** nothing differs but the texts of its predicate and of its expressions, which may mean the same */
  sameButForText: boolean;
}

type Aspect = Omit<Difference, 'sameButForText'> | null;

/** What an index of another shape does to people; null when it is the same. */
export function indexDifference(expected: Index, actual: Index): Difference | null {
  const rule = expected.unique || expected.excludes || actual.unique || actual.excludes ? [uniqueness(expected, actual), nulls(expected, actual), timing(expected, actual), primary(expected, actual)] : [];
  const shape = [...rule, columns(expected, actual), layout(expected, actual)].filter((aspect) => aspect !== null);
  const texts = [expressions(expected, actual), predicate(expected, actual)].filter((aspect) => aspect !== null);
  const [worst] = [...shape, ...texts].sort((a, b) => effectsByUrgency.indexOf(a.effect) - effectsByUrgency.indexOf(b.effect));
  return worst ? { ...worst, words: [...shape, ...texts].map(({ words }) => words).join(', '), sameButForText: shape.length === 0 } : null;
}

function uniqueness(expected: Index, actual: Index): Aspect {
  if (expected.excludes?.join() !== actual.excludes?.join()) return { effect: 'SILENT', words: 'excludes by other operators' };
  if (expected.unique === actual.unique) return null;
  return expected.unique
    ? { effect: 'SILENT', sqlState: '42P10', words: 'is not unique any more, so rows may be doubled and upserts fail' }
    : { effect: 'WRITE_FAILS', sqlState: '23505', words: 'is unique, so writes may be refused as duplicates' };
}

function nulls(expected: Index, actual: Index): Aspect {
  if (expected.nullsNotDistinct === actual.nullsNotDistinct) return null;
  return expected.nullsNotDistinct
    ? { effect: 'SILENT', words: 'takes NULLs for different, so rows with NULL may be doubled' }
    : { effect: 'WRITE_FAILS', sqlState: '23505', words: 'takes NULLs for equal, so a second row with NULL is refused' };
}

function timing(expected: Index, actual: Index): Aspect {
  if (expected.immediate === actual.immediate) return null;
  return expected.immediate
    ? { effect: 'WRITE_FAILS', sqlState: '55000', words: 'is deferrable, so upserts fail' }
    : { effect: 'WRITE_FAILS', sqlState: '23505', words: 'is checked at each row instead of at the end' };
}

function primary(expected: Index, actual: Index): Aspect {
  if (expected.primary === actual.primary || !actual.unique) return null;
  return expected.primary ? { effect: 'LATENT', words: 'is unique, but the primary key no more' } : { effect: 'NONE', words: 'is the primary key' };
}

/** Unique over more columns lets more rows pass, over fewer it refuses more. */
function columns(expected: Index, actual: Index): Aspect {
  const [ours, theirs] = [columnsIn(expected), columnsIn(actual)];
  if (ours.join() === theirs.join()) return null;
  if (!expected.unique || !actual.unique) return { effect: 'SLOW', words: 'is over other columns' };
  if ([...ours].sort().join() === [...theirs].sort().join()) return { effect: 'SLOW', words: 'has its columns in another order' };
  if (theirs.every((column) => ours.includes(column))) return { effect: 'WRITE_FAILS', sqlState: '23505', words: 'is unique over fewer columns, so writes are refused as duplicates' };
  return { effect: 'SILENT', sqlState: '42P10', words: 'is unique over other columns, so rows may be doubled and upserts fail' };
}

function layout(expected: Index, actual: Index): Aspect {
  if (expected.method !== actual.method) return { effect: 'SLOW', words: `is a ${actual.method} index` };
  if ([...expected.included].sort().join() !== [...actual.included].sort().join()) return { effect: 'SLOW', words: 'includes other columns' };
  if (expected.keys.length !== actual.keys.length) return null;
  const pairs = expected.keys.map((key, place) => [key, actual.keys[place] as IndexKey] as const);
  if (pairs.some(([a, b]) => a.opclass !== b.opclass)) return { effect: 'SLOW', words: 'has another operator class' };
  if (pairs.some(([a, b]) => !sameCollation(a.collation, b.collation))) return { effect: expected.unique ? 'SILENT' : 'SLOW', words: 'has another collation' };
  if (pairs.every(([a, b]) => a.descending === b.descending && a.nullsFirst === b.nullsFirst)) return null;
  const isReversed = pairs.every(([a, b]) => a.descending !== b.descending && a.nullsFirst !== b.nullsFirst);
  return isReversed ? { effect: 'NONE', words: 'is sorted the other way round, and read backwards as well' } : { effect: 'SLOW', words: 'is sorted otherwise' };
}

function expressions(expected: Index, actual: Index): Aspect {
  const differ = expected.keys.length === actual.keys.length && expected.keys.some((key, place) => isExpression(key) && !sameText(key.of, actual.keys[place]?.of ?? ''));
  return differ ? { effect: expected.unique ? 'SILENT' : 'SLOW', sqlState: expected.unique ? '42P10' : undefined, words: 'is over another expression' } : null;
}

function predicate(expected: Index, actual: Index): Aspect {
  return sameText(expected.predicate, actual.predicate) ? null : { effect: expected.unique ? 'SILENT' : 'SLOW', words: 'has another predicate' };
}

/** expressions all alike, for they may mean the same */
function columnsIn({ keys }: Index): string[] {
  return keys.map((key) => (isExpression(key) ? '(expression)' : key.of));
}

function isExpression({ of }: IndexKey): boolean {
  return /[^\w$]/.test(of);
}
