import type { Catalog } from './catalog.ts';

/** The parts that a migration changed or took away: "table", "table.column", "table#index", an enum or a function. */
export function alteredParts(before: Catalog, after: Catalog): string[] {
  const now = new Map(describedParts(after));
  return [...describedParts(before)].filter(([part, description]) => now.get(part) !== description).map(([part]) => part);
}

function* describedParts({ relations, enums, functions }: Catalog): Generator<[part: string, description: string]> {
  for (const [name, labels] of Object.entries(enums)) yield [name, describe(labels)];
  for (const [name, routine] of Object.entries(functions)) yield [name, describe(routine)];
  for (const [table, { columns, constraints, indexes, triggers, kind, persistence }] of Object.entries(relations)) {
    yield [table, describe({ kind, persistence })];
    for (const [column, description] of Object.entries(columns)) yield [`${table}.${column}`, describe(description)];
    for (const [name, description] of Object.entries({ ...constraints, ...indexes, ...triggers })) yield [`${table}#${name}`, describe(description)];
  }
}

/** Neither the place of a column nor the way in which a whole is written is a change. */
function describe(part: unknown): string {
  return JSON.stringify(part, (key, value: unknown) => (key === 'position' || key === 'definition' ? undefined : value));
}
