import type { Relation } from '../catalog.ts';

/** The checks of a table that every row has to pass, for a proof about one of them. */
export function checksOf(expected: Relation, actual: Relation) {
  return { ours: passedBy(expected), theirs: passedBy(actual), ourColumns: expected.columns, theirColumns: actual.columns };
}

function passedBy({ constraints }: Relation): string[] {
  return Object.values(constraints)
    .filter(({ type, validated, enforced }) => type === 'c' && validated && enforced)
    .map(({ expression }) => expression ?? 'true');
}
