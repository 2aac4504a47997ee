import type { Catalog, Constraint, Index, Relation } from '../catalog.ts';
import { renamedColumns } from './renamedColumns.ts';

/** table → present name of a renamed column → the name that we expect */
export type Renames = ReadonlyMap<string, ReadonlyMap<string, string>>;

export function renamesIn(expected: Catalog, actual: Catalog): Renames {
  const renames = new Map<string, Map<string, string>>();
  for (const [table, { columns }] of Object.entries(expected.relations)) {
    const renamed = renamedColumns(columns, actual.relations[table]?.columns ?? columns);
    if (renamed.size > 0) renames.set(table, new Map([...renamed].map(([old, now]) => [now, old])));
  }
  return renames;
}

/** What the live table says about renamed columns, in the names that we expect, so that a rename is one difference. */
export function underOldNames(table: string, actual: Relation, renames: Renames): Relation {
  if (renames.size === 0) return actual;
  const own = renames.get(table) ?? new Map<string, string>();
  const name = (column: string) => own.get(column) ?? column;
  const text = (sql: string | null) => sql?.replaceAll(/'(?:[^']|'')*'|\w+/g, name) ?? null;
  const constraint = (part: Constraint): Constraint => ({
    ...part,
    columns: part.columns.map(name),
    expression: text(part.expression),
    references: part.references && { ...part.references, columns: part.references.columns.map((column) => renames.get(part.references?.table ?? '')?.get(column) ?? column) },
  });
  const index = (part: Index): Index => ({
    ...part,
    predicate: text(part.predicate),
    included: part.included.map(name),
    keys: part.keys.map((key) => ({ ...key, of: text(key.of) ?? key.of })),
  });
  return {
    ...actual,
    columns: mapped(actual.columns, (part) => ({ ...part, default: text(part.default) })),
    constraints: mapped(actual.constraints, constraint),
    indexes: mapped(actual.indexes, index),
    triggers: mapped(actual.triggers, (part) => ({ ...part, columns: part.columns.map(name).sort(), condition: text(part.condition) })),
  };
}

function mapped<T>(parts: Record<string, T>, map: (part: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, map(part)]));
}
