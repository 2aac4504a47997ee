import type { LiveCatalog } from '../../liveCatalog.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import { overlap } from './similarity.ts';
import { lastOf } from './tables.ts';

/** Missing enums that our columns still have, or whose labels an enum has that is not ours. Expected name → present name. */
export function renamedEnums(expected: ExpectedCatalog, actual: LiveCatalog, columnNow: (table: string, column: string) => string): Map<string, string> {
  const renamed = new Map<string, string>();
  const missing = Object.keys(expected.enums).filter((name) => !actual.enums[name]);
  const strangers = Object.keys(actual.enums).filter((name) => !expected.enums[name]);
  for (const name of missing) {
    const labels = expected.enums[name] ?? [];
    const used = typesOfColumns(name, expected, actual, columnNow);
    const [only, ...others] = used;
    if (only !== undefined && others.length === 0 && isSameEnum(name, labels, only, actual)) renamed.set(name, only);
    if (used.size > 0) continue;
    const same = strangers.filter((other) => actual.enums[other]?.join() === labels.join());
    const best = same.length === 1 ? same[0] : undefined;
    if (best !== undefined) renamed.set(name, best);
  }
  return renamed;
}

/** The types that those columns have now which should have this one. */
function typesOfColumns(name: string, expected: ExpectedCatalog, actual: LiveCatalog, columnNow: (table: string, column: string) => string): Set<string> {
  const types = new Set<string>();
  for (const [table, { columns }] of Object.entries(expected.relations)) {
    for (const [column, { type }] of Object.entries(columns)) {
      const now = actual.relations[table]?.columns[columnNow(table, column)];
      if (now && type.replace(/\[\]$/, '') === name) types.add(now.type.replace(/\[\]$/, ''));
    }
  }
  return types;
}

function isSameEnum(name: string, labels: readonly string[], now: string, actual: LiveCatalog): boolean {
  const found = actual.enums[now];
  return found ? overlap(labels, found) >= 0.5 : now.includes('.') && lastOf(now) === lastOf(name);
}

/**
 * Labels in the place of missing ones, between the same neighbours, that were written after the enum was made: an enum that
 * was made anew with another label has all of one age, and only the same word in other case is the same label there.
 * Expected label → present label.
 */
export function renamedLabels(expected: readonly string[], actual: readonly string[], relabelled: readonly string[]): Map<string, string> {
  const renamed = new Map<string, string>();
  const anchors = [null, ...expected.filter((label) => actual.includes(label))];
  for (const [place, before] of anchors.entries()) {
    const after = anchors[place + 1] ?? null;
    const missing = between(expected, before, after);
    const extra = between(actual, before, after).filter((label) => !expected.includes(label) && relabelled.includes(label));
    if (missing.every((label) => !actual.includes(label)) && missing.length === extra.length) missing.forEach((label, index) => renamed.set(label, extra[index] ?? label));
  }
  const isTaken = new Set(renamed.values());
  for (const [place, label] of expected.entries()) {
    const there = actual[place] ?? label;
    if (!actual.includes(label) && !renamed.has(label) && !expected.includes(there) && !isTaken.has(there) && there.toLowerCase() === label.toLowerCase()) renamed.set(label, there);
  }
  return renamed;
}

function between(labels: readonly string[], before: string | null, after: string | null): string[] {
  return labels.slice(before === null ? 0 : labels.indexOf(before) + 1, after === null ? undefined : labels.indexOf(after));
}
