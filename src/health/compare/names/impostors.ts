import type { Relation } from '../../catalog.ts';
import type { LiveCatalog } from '../../liveCatalog.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import { HISTORY_TABLE } from '../../readCatalog.ts';
import { renamedColumns } from './columns.ts';

/**
 * Tables that only bear the name of ours: somebody dropped or renamed ours, and made another with less than half of the
 * columns with which ours began. One that lost its columns one by one has gaps where they were, and is ours still.
 */
export function impostorsIn({ relations, origins }: ExpectedCatalog, actual: LiveCatalog): Map<string, Relation> {
  const isOriginal = (table: string, column: string) => origins[`${table}.${column}`] === undefined;
  return new Map(Object.entries(relations).flatMap(([table, relation]) => {
    const found = actual.relations[table];
    if (!found || table === HISTORY_TABLE || relation.parent !== null || !isTable(relation) || !isTable(found)) return [];
    const ours = Object.keys(relation.columns).filter((column) => isOriginal(table, column));
    const renamed = renamedColumns(relation.columns, found.columns, (column) => !isOriginal(table, column));
    const present = ours.filter((column) => found.columns[column] || renamed.has(column));
    return present.length * 2 < ours.length && isWithoutGaps(found) ? [[table, found] as const] : [];
  }));
}

function isTable({ kind }: Relation): boolean {
  return kind === 'r' || kind === 'p';
}

function isWithoutGaps({ columns }: Relation): boolean {
  const places = Object.values(columns).map(({ position }) => position);
  return Math.max(0, ...places) === places.length;
}
