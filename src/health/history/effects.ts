import type { Catalog } from '../catalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';

/** What a migration makes, and how much of it is there: tables, enums, functions, and parts of earlier tables. */
export interface Effect {
  parts: string[];
  /** those that are there by name, or whose table is there and does not lack them */
  present: string[];
  /** those that are gone: not there, nor anywhere else under another name or in another schema */
  gone: string[];
}

/** A migration is taken for undone when this share of its tables is gone. */
const NEARLY_ALL = 0.9;

/** The effect of each migration, by name. `structure`: what the comparison of the catalogs found. */
export function effectsOf({ migrations, origins }: ExpectedCatalog, catalog: Catalog, structure: readonly Finding[]): Map<string, Effect> {
  const lost = new Set(structure.flatMap(({ lost: part }) => (part === undefined ? [] : [part])));
  const moved = new Set(structure.filter(({ kind, renamed }) => renamed !== undefined || kind === 'RENAMED_TABLE' || kind === 'MOVED_TABLE' || kind === 'RENAMED_COLUMN').map((finding) => finding.lost));
  return new Map(
    migrations.map(({ name }) => {
      const parts = Object.keys(origins).filter((part) => origins[part] === name && part !== HISTORY_TABLE);
      const present = parts.filter((part) => isThere(part, catalog, lost));
      return [name, { parts, present, gone: parts.filter((part) => !present.includes(part) && !moved.has(part)) }];
    }),
  );
}

export function isWhole({ parts, present }: Effect): boolean {
  return parts.length > 0 && present.length === parts.length;
}

/** Whether (nearly) all that a migration made is gone. One lost object is a loss of its own, not of a migration. */
export function isAbsent({ parts, gone }: Effect, { relations }: Catalog): boolean {
  const tables = parts.filter((part) => part in relations);
  const judged = tables.length > 1 ? tables : parts;
  const missing = judged.filter((part) => gone.includes(part));
  return missing.length > 1 && missing.length >= judged.length * NEARLY_ALL;
}

function isThere(part: string, { relations, enums, functions, sequences, domains, extensions }: Catalog, lost: ReadonlySet<string>): boolean {
  if ([relations, enums, functions, sequences, domains].some((objects) => part in objects) || part.replace(/^extension /, '') in extensions) return true;
  const end = Math.max(part.lastIndexOf('#'), part.lastIndexOf('.'));
  return end > 0 && part.slice(0, end) in relations && !lost.has(part);
}
