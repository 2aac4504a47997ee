import type { Index, IndexKey, Relation } from '../catalog.ts';
import type { DriftKind } from '../driftKind.ts';
import type { Finding } from '../finding.ts';
import { keyOf } from './keyOf.ts';
import { mentionedIn } from './mentions.ts';
import { pairUp } from './pairUp.ts';
import { sameText } from './sqlText.ts';

/** Indexes, and the primary and unique keys that they make true. */
export function compareIndexes(table: string, expected: Relation, actual: Relation): Finding[] {
  const pairs = pairUp(expected.indexes, actual.indexes, same, akin);
  return [
    ...pairs.missing.map(({ name, expected: index }) => of(missing(table, name, index), { ours: name })),
    ...pairs.different.map(({ name, expected: wanted, actualName, actual: found }) => of(different(table, name, wanted, actualName, found), { ours: name, theirs: actualName })),
    ...pairs.extra.map(({ name, actual: index }) => of(extra(table, name, index, Object.values(expected.indexes).some((ours) => same(ours, index))), { theirs: name })),
  ].filter((finding) => finding !== null);
}

function of(finding: Finding | null, part: Finding['part']): Finding | null {
  return finding && { ...finding, part };
}

function same(expected: Index, actual: Index): boolean {
  return actual.valid && sameRule(expected, actual);
}

function sameRule(expected: Index, actual: Index): boolean {
  return (
    expected.unique === actual.unique &&
    expected.primary === actual.primary &&
    expected.immediate === actual.immediate &&
    expected.nullsNotDistinct === actual.nullsNotDistinct &&
    expected.method === actual.method &&
    [...expected.included].sort().join() === [...actual.included].sort().join() &&
    sameText(expected.predicate, actual.predicate) &&
    sameKeys(expected.keys, actual.keys)
  );
}

function sameKeys(expected: readonly IndexKey[], actual: readonly IndexKey[]): boolean {
  return expected.length === actual.length && expected.every((key, place) => sameKey(key, actual[place]));
}

function sameKey(expected: IndexKey, actual: IndexKey | undefined): boolean {
  return (
    actual !== undefined &&
    sameText(expected.of, actual.of) &&
    expected.opclass === actual.opclass &&
    expected.collation === actual.collation &&
    expected.descending === actual.descending &&
    expected.nullsFirst === actual.nullsFirst
  );
}

function akin(expected: Index, actual: Index): boolean {
  const columns = ({ keys }: Index) => keys.map((key) => key.of).join();
  return expected.primary === actual.primary && columns(expected) === columns(actual);
}

/** What this index is to people: a key, a promise that values are unique, or speed. */
function kindOf({ primary, unique }: Index): DriftKind {
  return primary ? 'PRIMARY_KEY' : unique ? 'UNIQUE' : 'INDEX';
}

function missing(table: string, object: string, index: Index): Finding {
  const place = { kind: kindOf(index), table, object, expected: describe(index), lost: `${table}#${object}`, lostKey: keyOf(table, index.keys.map((key) => key.of)), needs: needsOf(table, index) };
  const over = index.keys.map((key) => key.of).join(', ');
  if (index.primary) {
    return { ...place, effect: 'SILENT', sqlState: '42P10', message: `The primary key of ${table} (${over}) is missing: rows may be doubled, and upserts fail.` };
  }
  if (index.unique) {
    return { ...place, effect: 'SILENT', sqlState: '42P10', message: `Nothing keeps ${table} (${over}) unique any more (${object} is missing): rows may be doubled, and upserts fail.` };
  }
  return { ...place, effect: 'SLOW', message: `The index ${object} on ${table} (${over}) is missing: what uses it is slow.` };
}

function different(table: string, object: string, expected: Index, actualName: string, actual: Index): Finding | null {
  const place = { table, object, needs: needsOf(table, expected), expected: describe(expected), actual: describe(actual) };
  if (sameRule(expected, actual)) return actual.building ? null : invalid(table, object, expected, actualName);
  if (expected.unique && !actual.unique) {
    return { ...place, kind: kindOf(expected), effect: 'SILENT', sqlState: '42P10', message: `The index ${object} on ${table} is not unique any more: rows may be doubled, and upserts fail.` };
  }
  return {
    ...place,
    kind: kindOf(expected),
    effect: expected.unique || actual.unique ? 'SILENT' : 'SLOW',
    message: `${actualName} on ${table} is ${describe(actual)} instead of ${describe(expected)}.`,
    spelling: onlyPredicateDiffers(expected, actual)
      ? { of: 'predicate', table, expected: expected.predicate ?? 'true', actual: actual.predicate ?? 'true' }
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

function extra(table: string, object: string, index: Index, isDouble: boolean): Finding | null {
  if (index.building) return null;
  const place = { table, object, actual: describe(index) };
  if (!index.valid) {
    return { ...place, kind: 'INVALID_INDEX', effect: 'SLOW', expected: 'valid', actual: 'INVALID', message: `The index ${object} on ${table} is not ours and INVALID: it costs every write and serves no read.` };
  }
  if (index.unique && !isDouble) {
    return { ...place, kind: kindOf(index), effect: 'WRITE_FAILS', sqlState: '23505', message: `${object} on ${table} is not ours and may refuse what we write: ${describe(index)}.` };
  }
  return { ...place, kind: 'EXTRA_INDEX', effect: 'NONE', message: `The index ${object} on ${table} is not ours; it costs writes a little.` };
}

function onlyPredicateDiffers(expected: Index, actual: Index): boolean {
  return actual.valid && sameRule({ ...expected, predicate: null }, { ...actual, predicate: null });
}

function needsOf(table: string, { keys, included, predicate }: Index): string[] {
  return mentionedIn(table, ...keys.map((key) => key.of), ...included, predicate);
}

function describe({ unique, primary, method, keys, included, predicate, nullsNotDistinct, immediate }: Index): string {
  const list = keys.map((key) => [key.of, key.opclass, key.collation, key.descending && 'desc', key.nullsFirst !== key.descending && (key.nullsFirst ? 'nulls first' : 'nulls last')].filter(Boolean).join(' '));
  return [
    primary ? 'primary key' : unique && 'unique',
    method,
    `(${list.join(', ')})`,
    included.length > 0 && `include (${included.join(', ')})`,
    nullsNotDistinct && 'nulls not distinct',
    !immediate && 'deferrable',
    predicate !== null && `where ${predicate}`,
  ].filter(Boolean).join(' ');
}
