import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { RepairRisk } from '../report.ts';

/** In the order in which statements can run: what others are built from comes first. */
export const stages = [
  'leftover', 'schema', 'extension', 'place', 'type', 'sequence', 'routine', 'table', 'partition', 'column name', 'column', 'generated column',
  'change of column', 'not null', 'key', 'index', 'constraint', 'validation', 'view', 'view on views', 'trigger', 'access', 'upkeep',
] as const;
export type Stage = (typeof stages)[number];

/** One statement that mends, before it is tied to the difference that it ends. */
export interface Mending {
  stage: Stage;
  /** within the stage, from 0 to 1: what others of it are placed by comes first */
  place?: number;
  sql: string;
  risk: RepairRisk;
  /** the strongest lock on what was there before */
  lock: Lock;
  note?: string;
  /** null where it cannot be known; that of a change in the catalog only unless told */
  estimatedMs?: number | null;
  undo?: string;
  /** it fails while rows break the rule */
  needsRows?: true;
}

export type Lock = 'none' | 'ACCESS SHARE' | 'ROW EXCLUSIVE' | 'SHARE UPDATE EXCLUSIVE' | 'SHARE' | 'SHARE ROW EXCLUSIVE' | 'ACCESS EXCLUSIVE';

/** Both catalogs: what a mending is made from. */
export interface Scene {
  expected: ExpectedCatalog;
  live: LiveCatalog;
  /** differences whose mending rows stand in the way of, by id, with what was counted */
  obstructed: ReadonlyMap<string, string>;
}
