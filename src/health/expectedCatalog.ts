import type { Catalog } from './catalog.ts';
import catalog from './expectedCatalog.json' with { type: 'json' };

export interface ExpectedMigration {
  name: string;
  /** sha-256 of its statements */
  checksum: string;
  statements: number;
}

/** The schema that the migrations of this build make, read from an empty database that got every one of them. */
export interface ExpectedCatalog extends Catalog {
  /** the main schema first */
  schemas: string[];
  /** sha-256 of all the rest */
  digest: string;
  /** in the order in which they are applied */
  migrations: ExpectedMigration[];
  /** "table", "table.column" or "table#index" → the migration that made it, where that was not its table's */
  origins: Record<string, string>;
  /** parts that a later migration changed or took away → those migrations */
  alterations: Record<string, string[]>;
}

export const expectedCatalog = catalog as unknown as ExpectedCatalog;
