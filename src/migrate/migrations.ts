import { createHash } from 'node:crypto';
import type { Migration } from '@mikro-orm/migrations';
import { migrations } from '../migrations/index.ts';
import { MigrationError } from './errors.ts';

/** A migration as it is run and recorded. */
export interface MigrationFile {
  name: string;
  /** Sha-256 of the statements, hexadecimal. */
  checksum: string;
  statements: string[];
  /** Whether all statements and the record of them are one transaction. */
  transactional: boolean;
}

export type MigrationClass = new (...args: ConstructorParameters<typeof Migration>) => Migration;

/** The migrations of this version in the order in which they are applied; no database is asked. */
export function loadMigrations(classes: readonly MigrationClass[] = migrations): Promise<MigrationFile[]> {
  return Promise.all(classes.map(load));
}

/** Throws where two branches gave their migrations one number, or the index does not name them in order. */
export function refuseDisorder(migrations: readonly MigrationFile[]): void {
  for (const [index, { name }] of migrations.entries()) {
    const before = migrations[index - 1]?.name;
    if (before === undefined) continue;
    if (numberOf(before) === numberOf(name)) {
      throw new MigrationError(`${before} and ${name} carry the same number: give the one that landed last the next free number, and its place at the end of src/migrations/index.ts.`);
    }
    if (before > name) throw new MigrationError(`${name} comes after ${before} in src/migrations/index.ts: name the migrations in the order of their numbers.`);
  }
}

function numberOf(name: string): string {
  return name.split('_', 1)[0] ?? name;
}

async function load(Class: MigrationClass): Promise<MigrationFile> {
  // There is no driver for a migration that would query the database while it is read.
  const migration = new Class(undefined as never, undefined as never);
  try {
    await migration.up();
  } catch (error) {
    throw new MigrationError(`Migration ${migration.name} does more than add SQL (${(error as Error).message}): give addSql every statement.`, { cause: error });
  }
  // Checkouts with other line ends give the same checksum.
  const statements = migration.getQueries().map((query) => statementText(query, migration).replaceAll('\r\n', '\n'));
  return {
    name: migration.name ?? Class.name,
    checksum: createHash('sha256').update(statements.join('\0')).digest('hex'),
    statements,
    transactional: migration.isTransactional(),
  };
}

function statementText(query: unknown, { name }: Migration): string {
  if (typeof query === 'string') return query;
  throw new MigrationError(`Migration ${name} adds a query object: give addSql a string.`);
}
