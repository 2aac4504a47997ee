import type { Catalog } from '../catalog.ts';

/** Missing tables that are still there under another name, with every column that they had. Answers old name → new name. */
export function renamedTables(expected: Catalog, actual: Catalog): Map<string, string> {
  const strangers = new Map(Object.entries(actual.relations).filter(([name]) => !expected.relations[name]));
  const renamed = new Map<string, string>();
  for (const [table, { kind, columns }] of Object.entries(expected.relations)) {
    if (actual.relations[table]) continue;
    const found = [...strangers].find(([, other]) => other.kind === kind && Object.keys(columns).every((column) => other.columnNames?.includes(column)));
    if (!found) continue;
    renamed.set(table, found[0]);
    strangers.delete(found[0]);
  }
  return renamed;
}
