import type { Column } from '../catalog.ts';

/**
 * Missing columns that are still there under another name: of the same type and shape, and either alike in name or the
 * only candidate in the same place. Answers old name → new name.
 */
export function renamedColumns(expected: Record<string, Column>, actual: Record<string, Column>): Map<string, string> {
  const missing = Object.entries(expected).filter(([name]) => !actual[name]);
  const extra = new Map(Object.entries(actual).filter(([name]) => !expected[name]));
  const renamed = new Map<string, string>();
  for (const [name, column] of missing) {
    const candidates = [...extra].filter(([, other]) => sameShape(column, other));
    const alike = candidates.filter(([other]) => similarity(name, other) >= 0.5);
    const inPlace = candidates.filter(([, other]) => other.position === column.position);
    const found = alike.length > 0 ? mostAlike(name, alike) : inPlace[0]?.[0];
    if (found === undefined) continue;
    renamed.set(name, found);
    extra.delete(found);
  }
  return renamed;
}

function sameShape(a: Column, b: Column): boolean {
  return a.type === b.type && a.notNull === b.notNull && a.generated === b.generated && a.identity === b.identity
    && (a.default === null) === (b.default === null);
}

function mostAlike(name: string, candidates: [string, Column][]): string | undefined {
  return candidates.map(([other]) => other).sort((a, b) => similarity(name, b) - similarity(name, a))[0];
}

/** Dice's coefficient over pairs of letters: 1 for the same, 0 for nothing in common. */
function similarity(a: string, b: string): number {
  const pairs = (text: string) => new Set(Array.from({ length: Math.max(text.length - 1, 0) }, (_, index) => text.slice(index, index + 2)));
  const [left, right] = [pairs(a), pairs(b)];
  const common = [...left].filter((pair) => right.has(pair)).length;
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size);
}
