/** Dice's coefficient over pairs of letters: 1 for the same, 0 for nothing in common. */
export function similarity(a: string, b: string): number {
  const pairs = (text: string) => new Set(Array.from({ length: Math.max(text.length - 1, 0) }, (_, index) => text.slice(index, index + 2)));
  const [left, right] = [pairs(a), pairs(b)];
  return left.size + right.size === 0 ? 0 : (2 * common(left, right)) / (left.size + right.size);
}

/** The share of names that two lists have in common: 1 for the same, whatever their order. */
export function overlap(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [new Set(a), new Set(b)];
  return left.size + right.size === 0 ? 0 : common(left, right) / new Set([...left, ...right]).size;
}

function common(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  return [...left].filter((item) => right.has(item)).length;
}

/** The one that is best, where no other is as good. */
export function clearlyBest<T>(candidates: readonly T[], score: (candidate: T) => number): T | undefined {
  const [best, second] = [...candidates].sort((a, b) => score(b) - score(a));
  return best === undefined || (second !== undefined && score(second) === score(best)) ? undefined : best;
}
