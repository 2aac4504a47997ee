import { otherTools } from '../../migrate/otherTools.ts';
import type { Relation } from '../catalog.ts';
import type { LiveCatalog } from '../liveCatalog.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';

/** A history of migrations that another tool keeps in our schema. */
export interface ForeignHistory {
  table: string;
  tool: string;
}

export function foreignHistories({ relations }: LiveCatalog): ForeignHistory[] {
  const found = Object.entries(otherTools).flatMap(([table, { tool, columns }]) => {
    const relation = relations[table];
    return relation && columns.every((column) => columnsOf(relation).includes(column)) ? [{ table, tool }] : [];
  });
  const own = relations[HISTORY_TABLE];
  return own && isOfAnotherTool(columnsOf(own)) ? [...found, { table: HISTORY_TABLE, tool: 'another tool (Rails, golang-migrate, dbmate or Ecto)' }] : found;
}

/** `schema_migrations` is a name that others use too: they keep versions, and neither names nor checksums. */
function isOfAnotherTool(columns: readonly string[]): boolean {
  return columns.includes('version') && !columns.includes('name') && !columns.includes('checksum');
}

function columnsOf({ columns, columnNames }: Relation): readonly string[] {
  return columnNames ?? Object.keys(columns);
}
