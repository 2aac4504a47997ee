import type { Index, Relation } from '../catalog.ts';
import type { DriftKind } from '../driftKind.ts';
import type { Finding } from '../finding.ts';
import { describeIndex } from './describeIndex.ts';
import { indexDifference } from './indexDifference.ts';
import { keyOf } from './keyOf.ts';
import { mentionedIn } from './mentions.ts';
import { pairUp } from './pairUp.ts';

/** Indexes, and the primary and unique keys that they make true. */
export function compareIndexes(table: string, expected: Relation, actual: Relation): Finding[] {
  const pairs = pairUp(nullsAside(expected.indexes, actual), nullsAside(actual.indexes, actual), same, akin);
  return [
    ...pairs.missing.map(({ name, expected: index }) => of(missing(table, name, index), { ours: name })),
    ...pairs.different.map(({ name, expected: wanted, actualName, actual: found }) => of(different(table, name, wanted, actualName, found, actual.columns), { ours: name, theirs: actualName })),
    ...pairs.extra.map(({ name, actual: index }) => of(extra(table, name, index, expected), { theirs: name })),
  ].filter((finding) => finding !== null);
}

/** Where no column takes NULL, as they are now, it does not matter whether NULLs are alike. */
function nullsAside(indexes: Relation['indexes'], { columns }: Relation): Relation['indexes'] {
  const isNever = (index: Index) => index.nullsNotDistinct && index.keys.every((key) => columns[key.of]?.notNull);
  return Object.fromEntries(Object.entries(indexes).map(([name, index]) => [name, isNever(index) ? { ...index, nullsNotDistinct: false } : index]));
}

function of(finding: Finding | null, part: Finding['part']): Finding | null {
  return finding && { ...finding, part };
}

function same(expected: Index, actual: Index): boolean {
  return actual.valid && indexDifference(expected, actual) === null;
}

/** A primary key may have become a unique index. */
function akin(expected: Index, actual: Index): boolean {
  const columns = ({ keys }: Index) => keys.map((key) => key.of).join();
  return columns(expected) === columns(actual) && (expected.primary ? actual.unique : !actual.primary);
}

/** What this index is to people: a key, a promise that values are unique, or speed. */
function kindOf({ primary, unique, excludes }: Index): DriftKind {
  return primary ? 'PRIMARY_KEY' : unique || excludes ? 'UNIQUE' : 'INDEX';
}

function missing(table: string, object: string, index: Index): Finding {
  const place = { kind: kindOf(index), table, object, expected: describeIndex(index), lost: `${table}#${object}`, lostKey: keyOf(table, index.keys.map((key) => key.of)), needs: needsOf(table, index) };
  const over = index.keys.map((key) => key.of).join(', ');
  if (index.primary) {
    return { ...place, effect: 'SILENT', sqlState: '42P10', message: `The primary key of ${table} (${over}) is missing: rows may be doubled, and upserts fail.` };
  }
  if (index.excludes) {
    return { ...place, effect: 'SILENT', message: `The exclusion constraint ${object} on ${table} (${over}) is missing: rows that exclude each other are accepted.` };
  }
  if (index.unique) {
    return { ...place, effect: 'SILENT', sqlState: '42P10', message: `Nothing keeps ${table} (${over}) unique any more (${object} is missing): rows may be doubled, and upserts fail.` };
  }
  return { ...place, effect: 'SLOW', message: `The index ${object} on ${table} (${over}) is missing: what uses it is slow.` };
}

function different(table: string, object: string, expected: Index, actualName: string, actual: Index, columns: Relation['columns']): Finding | null {
  const difference = indexDifference(expected, actual);
  if (difference === null) return actual.building ? null : invalid(table, object, expected, actualName);
  const { effect, sqlState, words, sameButForText } = difference;
  const keys = expected.keys.map((key, place) => [key.of, actual.keys[place]?.of ?? ''] as const);
  return {
    kind: kindOf(expected),
    table,
    object,
    effect,
    sqlState,
    lostKey: expected.unique ? keyOf(table, expected.keys.map((key) => key.of)) : undefined,
    needs: needsOf(table, expected),
    expected: describeIndex(expected),
    actual: describeIndex(actual),
    message: `${actualName} on ${table} ${words}.`,
    spelling: sameButForText && actual.valid
      ? { of: 'index', keys: keys.filter(([ours, theirs]) => ours !== theirs), expected: expected.predicate ?? 'true', actual: actual.predicate ?? 'true', columns }
      : undefined,
  };
}

function invalid(table: string, object: string, expected: Index, actualName: string): Finding {
  return {
    kind: 'INVALID_INDEX',
    table,
    object: actualName,
    effect: expected.unique ? 'SILENT' : 'SLOW',
    expected: 'valid',
    actual: 'INVALID',
    needs: needsOf(table, expected),
    message: `The index ${object} on ${table} is INVALID, left over from a build that failed: it costs writes and serves no read${expected.unique ? ', and nothing is kept unique' : ''}.`,
  };
}

function extra(table: string, object: string, index: Index, ours: Relation): Finding | null {
  if (index.building) return null;
  const place = { table, object, actual: describeIndex(index) };
  if (!index.valid) {
    return { ...place, kind: 'INVALID_INDEX', effect: 'SLOW', expected: 'valid', actual: 'INVALID', message: `The index ${object} on ${table} is not ours and INVALID: it costs every write and serves no read.` };
  }
  if ((index.unique || index.excludes) && mayRefuse(index, ours)) {
    const sqlState = index.excludes ? '23P01' : '23505';
    return { ...place, kind: kindOf(index), effect: 'WRITE_FAILS', sqlState, message: `${object} on ${table} is not ours and refuses rows that we may write: ${describeIndex(index)}. Ask who needs it, or drop it.` };
  }
  return { ...place, kind: 'EXTRA_INDEX', effect: 'NONE', message: `The index ${object} on ${table} is not ours; it costs writes a little.` };
}

/** Not what is unique by a key of ours already, nor what holds nothing but columns that we leave empty. */
function mayRefuse(index: Index, { columns, indexes }: Relation): boolean {
  const keys = index.keys.map((key) => key.of);
  const guarded = Object.values(indexes).some((own) => own.unique && own.predicate === null && own.immediate && own.keys.every((key) => keys.includes(key.of)) && (!index.nullsNotDistinct || own.primary));
  const isOurs = keys.some((key) => columns[key] || !/^\w+$/.test(key));
  return (!guarded || index.excludes !== null) && (isOurs || index.nullsNotDistinct);
}

function needsOf(table: string, { keys, included, predicate }: Index): string[] {
  return [...[...keys.map((key) => key.of), ...included].map((column) => `${table}.${column}`), ...mentionedIn(table, ...keys.map((key) => key.of), predicate)];
}
