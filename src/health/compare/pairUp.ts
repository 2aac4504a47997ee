export interface Pairs<T> {
  /** present, but not the same */
  different: { name: string; expected: T; actualName: string; actual: T }[];
  missing: { name: string; expected: T }[];
  extra: { name: string; actual: T }[];
}

/**
 * Pairs parts of a table by what they mean: equal ones first, whatever their names, then those of one name, then those
 * over the same columns. Names are no difference.
 */
export function pairUp<T>(
  expected: Record<string, T>,
  actual: Record<string, T>,
  same: (expected: T, actual: T) => boolean,
  akin: (expected: T, actual: T) => boolean,
): Pairs<T> {
  let wanted = Object.entries(expected);
  const rest = new Map(Object.entries(actual));
  const different: Pairs<T>['different'] = [];

  const take = (match: (name: string, part: T, otherName: string, other: T) => boolean, record: boolean) => {
    wanted = wanted.filter(([name, part]) => {
      const found = [...rest].find(([otherName, other]) => match(name, part, otherName, other));
      if (!found) return true;
      rest.delete(found[0]);
      if (record) different.push({ name, expected: part, actualName: found[0], actual: found[1] });
      return false;
    });
  };
  take((name, part, otherName, other) => name === otherName && same(part, other), false);
  take((_, part, __, other) => same(part, other), false);
  take((name, part, otherName, other) => name === otherName && comparable(part, other), true);
  take((_, part, __, other) => akin(part, other), true);

  return {
    different,
    missing: wanted.map(([name, part]) => ({ name, expected: part })),
    extra: [...rest].map(([name, part]) => ({ name, actual: part })),
  };
}

/** A check and a foreign key of one name are two things; a trigger of one name with other events is another trigger. */
function comparable(a: unknown, b: unknown): boolean {
  const type = (value: unknown) => (value as { type?: unknown }).type;
  return typeof type(a) === 'number' || type(a) === type(b);
}
