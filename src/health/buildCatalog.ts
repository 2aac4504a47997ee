import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Client } from 'pg';
import { alteredParts } from './alteredParts.ts';
import { migrate } from '../migrate/migrate.ts';
import { loadMigrations, type MigrationFile } from '../migrate/migrations.ts';
import type { Catalog } from './catalog.ts';
import type { ExpectedCatalog } from './expectedCatalog.ts';
import { readWithDefinitions } from './readCatalog.ts';

/** The schemas that are ours; the main one first. */
const ourSchemas = ['public', 'pgboss'];

/** Writes `expectedCatalog.json` beside this file. `url` names an empty database, which gets every migration. */
export async function writeExpectedCatalog(url: string): Promise<void> {
  await writeFile(new URL('./expectedCatalog.json', import.meta.url), formatCatalog(await buildExpectedCatalog(url)));
}

/** Applies every migration to the empty database at `url` and reads what they made in `schemas`, the main one first. */
export async function buildExpectedCatalog(url: string, migrations?: readonly MigrationFile[], schemas = ourSchemas): Promise<ExpectedCatalog> {
  const all = migrations ?? (await loadMigrations());
  const client = new Client({ connectionString: url, application_name: 'outrider catalog' });
  await client.connect();
  try {
    const origins: Record<string, string> = {};
    const alterations: Record<string, string[]> = {};
    let catalog = await readWithDefinitions(client, schemas);
    const given = new Set(partsOf(catalog));
    for (const [index, { name }] of all.entries()) {
      await migrate({ url, migrations: all.slice(0, index + 1), appliedBy: 'build' });
      const before = catalog;
      catalog = await readWithDefinitions(client, schemas);
      for (const part of alteredParts(before, catalog)) (alterations[part] ??= []).push(name);
      for (const part of partsOf(catalog)) if (!given.has(part)) origins[part] ??= name;
    }
    const expected = {
      schemas,
      migrations: all.map(({ name, checksum, statements }) => ({ name, checksum, statements: statements.length })),
      origins: withoutImplied(origins),
      alterations,
      ...catalog,
    };
    return { ...expected, digest: createHash('sha256').update(format(expected, 0)).digest('hex') };
  } finally {
    await client.end();
  }
}

/** Canonical text: keys sorted, one line for each part of a relation, so that a diff reads well. */
export function formatCatalog(catalog: ExpectedCatalog): string {
  return `${format(catalog, 0)}\n`;
}

function* partsOf({ relations, enums, functions, sequences, domains, extensions }: Catalog): Generator<string> {
  for (const part of [enums, functions, domains]) yield* Object.keys(part);
  for (const name of Object.keys(extensions)) yield `extension ${name}`;
  // Those of columns come with their columns.
  const ofColumns = new Set(Object.values(relations).flatMap(({ columns }) => Object.values(columns).map(({ sequence }) => sequence)));
  yield* Object.keys(sequences).filter((name) => !ofColumns.has(name));
  for (const [table, relation] of Object.entries(relations)) {
    yield table;
    for (const column of Object.keys(relation.columns)) yield `${table}.${column}`;
    for (const part of ['constraints', 'indexes', 'triggers'] as const) {
      for (const name of Object.keys(relation[part])) yield `${table}#${name}`;
    }
  }
}

function withoutImplied(origins: Record<string, string>): Record<string, string> {
  const own = Object.entries(origins).filter(([part, origin]) => {
    const table = tableOf(part, origins);
    return table === null || origins[table] !== origin;
  });
  return Object.fromEntries(own);
}

/** The table of a column or index; null for what is no part of a table. */
function tableOf(part: string, origins: Record<string, string>): string | null {
  const end = Math.max(part.lastIndexOf('#'), part.lastIndexOf('.'));
  const table = part.slice(0, Math.max(end, 0));
  return table in origins ? table : null;
}

function format(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isLeaf(value)) return JSON.stringify(sorted(value));
  const entries = Object.entries(value).sort(byKey);
  if (entries.length === 0) return '{}';
  const indent = '  '.repeat(depth + 1);
  const lines = entries.map(([key, item]) => `${indent}${JSON.stringify(key)}: ${format(item, depth + 1)}`);
  return `{\n${lines.join(',\n')}\n${'  '.repeat(depth)}}`;
}

function isLeaf(value: object): boolean {
  return 'type' in value || 'keys' in value || 'instead' in value || 'command' in value || 'base' in value || 'version' in value;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(byKey).map(([key, item]) => [key, sorted(item)]));
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
