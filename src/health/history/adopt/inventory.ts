import { escapeIdentifier, type Client } from 'pg';
import type { ExpectedMigration } from '../../expectedCatalog.ts';
import { severityOf } from '../../finding.ts';
import { HISTORY_TABLE } from '../../readCatalog.ts';
import { isWhole, type Effect } from '../effects.ts';
import { foreignHistories } from '../foreign.ts';
import type { Histories } from '../mend/readHistories.ts';

/** What adopting would do with what is there. */
export interface Inventory {
  /** histories of other tools */
  histories: string[];
  /** all that they make is there and fits: they are recorded */
  stamped: ExpectedMigration[];
  /** nothing, or nothing that fits: they are run */
  applied: ExpectedMigration[];
  /** tables whose rows are taken over, in an order in which references meet */
  converted: string[];
  /** relations of the main schema that are set aside */
  moved: { name: string; kind: string }[];
  types: string[];
  /** with argument types */
  functions: string[];
  /** schemas of ours that are there, but not as ours are */
  schemas: string[];
}

export async function takeInventory(client: Client, histories: Histories): Promise<Inventory> {
  const { expected, effects, reading: { catalog } } = histories;
  const main = catalog.database.schema;
  const applied: ExpectedMigration[] = [];
  for (const migration of expected.migrations) {
    const effect = effects.get(migration.name) ?? { parts: [], present: [], gone: [] };
    if (!isWhole(effect) || !fits(histories, migration.name) || restsOn(effect, applied, expected.origins)) applied.push(migration);
  }
  const stamped = expected.migrations.filter((migration) => !applied.includes(migration));
  const present = applied.flatMap(({ name }) => effects.get(name)?.present ?? []);
  const foreign = foreignHistories(catalog).map(({ table }) => table);
  const ours = present.filter((part) => part in catalog.relations && !part.includes('.'));
  // A schema with the history of another tool is that tool's: its other tables go aside with those that bear our names.
  const theirs = foreign.length === 0 ? [] : Object.keys(catalog.relations).filter((name) => !name.includes('.') && !(name in expected.relations) && catalog.relations[name]?.parent === null);
  const own = catalog.relations[HISTORY_TABLE] ? [HISTORY_TABLE] : [];
  const enumNames = applied.flatMap(({ name }) => (effects.get(name)?.parts ?? []).filter((part) => part in expected.enums && !part.includes('.')));
  const functionNames = applied.flatMap(({ name }) => (effects.get(name)?.parts ?? []).filter((part) => part in expected.functions && !part.includes('.')).map((part) => part.replace(/\(.*$/, '')));
  return {
    histories: foreign,
    stamped,
    applied,
    converted: inOrder(ours.filter((table) => 'rp'.includes(catalog.relations[table]?.kind ?? '')), histories),
    moved: [...new Set([...ours, ...theirs, ...own])].map((name) => ({ name, kind: catalog.relations[name]?.kind ?? 'r' })),
    types: await names(client, `select quote_ident(typname) as name from pg_type where typnamespace = $1::regnamespace and typtype in ('e', 'd') and typname = any ($2)`, main, enumNames),
    functions: await names(client, `select format('%I(%s)', proname, pg_get_function_identity_arguments(oid)) as name from pg_proc where pronamespace = $1::regnamespace and prokind in ('f', 'w') and proname = any ($2)`, main, functionNames),
    schemas: expected.schemas.slice(1).filter((schema) => present.some((part) => part.startsWith(`${schema}.`))),
  };
}

/** What these migrations make anew lacks what a later one has put on it. */
function restsOn({ parts }: Effect, applied: readonly ExpectedMigration[], origins: Histories['expected']['origins']): boolean {
  return parts.some((part) => applied.some(({ name }) => origins[part.split(/[.#]/)[0]!] === name));
}

/** Nothing of the migration's differs in more than how fast it is. */
function fits({ expected: { origins }, structure }: Histories, migration: string): boolean {
  return !structure.some(({ table, lost, kind, effect }) => table !== HISTORY_TABLE && kind !== 'PRIVILEGE' && severityOf({ kind, effect }) === 'BREAKING' && (origins[lost ?? ''] ?? origins[table ?? '']) === migration);
}

/** Whoever is referred to comes first. */
function inOrder(tables: readonly string[], { expected: { relations } }: Histories): string[] {
  const ordered: string[] = [];
  const visit = (table: string): void => {
    if (ordered.includes(table) || !tables.includes(table)) return;
    const referred = Object.values(relations[table]?.constraints ?? {}).flatMap(({ references }) => (references && references.table !== table ? [references.table] : []));
    referred.forEach(visit);
    ordered.push(table);
  };
  [...tables].sort().forEach(visit);
  return ordered;
}

async function names(client: Client, sql: string, schema: string, wanted: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`${sql} order by 1`, [escapeIdentifier(schema), wanted]);
  return rows.map(({ name }) => name);
}
