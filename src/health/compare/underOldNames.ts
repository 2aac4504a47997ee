import type { Constraint, Index, Relation } from '../catalog.ts';
import { renamedColumns } from './renamedColumns.ts';

/** The live table with its renamed columns under the names that we expect, so that a rename is one difference. */
export function underOldNames(expected: Relation, actual: Relation): Relation {
  const oldNames = new Map([...renamedColumns(expected.columns, actual.columns)].map(([old, now]) => [now, old]));
  if (oldNames.size === 0) return actual;

  const name = (column: string) => oldNames.get(column) ?? column;
  const text = <T extends string | null>(sql: T): T => (sql === null ? sql : (inText(sql, oldNames) as T));
  const constraint = (part: Constraint): Constraint => ({ ...part, columns: part.columns.map(name), expression: text(part.expression) });
  const index = (part: Index): Index => ({
    ...part,
    predicate: text(part.predicate),
    included: part.included.map(name),
    keys: part.keys.map((key) => ({ ...key, of: oldNames.has(key.of) ? name(key.of) : text(key.of) })),
  });
  return {
    ...actual,
    constraints: mapped(actual.constraints, constraint),
    indexes: mapped(actual.indexes, index),
    triggers: mapped(actual.triggers, (part) => ({ ...part, columns: part.columns.map(name), condition: text(part.condition) })),
  };
}

function inText(sql: string, oldNames: ReadonlyMap<string, string>): string {
  return sql.replace(/'(?:[^']|'')*'|\w+/g, (word) => oldNames.get(word) ?? word);
}

function mapped<T>(parts: Record<string, T>, map: (part: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, map(part)]));
}
