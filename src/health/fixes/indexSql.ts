import { escapeIdentifier } from 'pg';
import type { Index, IndexKey, Relation } from '../catalog.ts';
import { quoteBeside, quoteTable } from './identifiers.ts';

/** CREATE INDEX for an index as the catalog describes it, under a name of one's own; CONCURRENTLY where the table allows it. */
export function indexSql(name: string, table: string, index: Index, { columns, kind }: Pick<Relation, 'columns' | 'kind'>): string {
  const { unique, method, keys, included, predicate, nullsNotDistinct } = index;
  return [
    `create ${unique ? 'unique ' : ''}index ${kind === 'p' ? '' : 'concurrently '}${escapeIdentifier(name)} on ${quoteTable(table)} using ${method}`,
    `(${keys.map((key) => keySql(key, columns, method)).join(', ')})`,
    included.length > 0 && `include (${included.map(escapeIdentifier).join(', ')})`,
    nullsNotDistinct && 'nulls not distinct',
    predicate !== null && `where ${predicate}`,
  ].filter(Boolean).join(' ');
}

function keySql({ of, collation, opclass, descending, nullsFirst }: IndexKey, columns: Relation['columns'], method: string): string {
  const ordered = method === 'btree';
  return [
    columns[of] ? escapeIdentifier(of) : `(${of})`,
    collation !== null && `collate ${escapeIdentifier(collation)}`,
    opclass !== null && escapeIdentifier(opclass),
    ordered && descending && 'desc',
    ordered && nullsFirst !== descending && (nullsFirst ? 'nulls first' : 'nulls last'),
  ].filter(Boolean).join(' ');
}

/** The statement of the expected catalog, under another name and CONCURRENTLY where the table allows it. */
export function asMigrated(definition: string, name: string, kind: string): string {
  return definition.replace(/^CREATE (UNIQUE )?INDEX (?:"(?:[^"]|"")*"|\S+) ON (ONLY )?/, (_, unique = '') =>
    `create ${String(unique).toLowerCase()}index ${kind === 'p' ? '' : 'concurrently '}${escapeIdentifier(name)} on `);
}

/** How an index that belongs to nobody's constraint goes, without anybody waiting for it. */
export function dropIndexSql(table: string, name: string, kind: string): string {
  return `drop index ${kind === 'p' ? '' : 'concurrently '}${quoteBeside(table, name)}`;
}

/** Two that keep and find the same, whatever owns them. */
export function sameIndex(a: Index, b: Index): boolean {
  const rule = ({ unique, method, keys, included, predicate, nullsNotDistinct }: Index) =>
    JSON.stringify([unique, method, keys.map((key) => [key.of, key.opclass, key.collation, key.descending, key.nullsFirst]), [...included].sort(), predicate, nullsNotDistinct]);
  return rule(a) === rule(b);
}
