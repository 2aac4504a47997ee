import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';

/** Where more of the tables than this share lack columns of ours, or have them of other types, another system made them. */
const DIFFERENT = 1 / 3;

/** Another system's tables may bear the names of ours. */
export function looksOurs({ expected, reading, structure }: { expected: ExpectedCatalog; reading: { catalog: LiveCatalog }; structure: readonly Finding[] }): boolean {
  const tables = Object.keys(expected.relations).filter((table) => table !== HISTORY_TABLE && table in reading.catalog.relations);
  const differing = new Set(structure.filter(({ kind }) => kind === 'MISSING_COLUMN' || kind === 'COLUMN_TYPE' || kind === 'MISSING_TABLE').map(({ table }) => table));
  return tables.filter((table) => differing.has(table)).length <= tables.length * DIFFERENT;
}
