import { escapeIdentifier } from 'pg';
import type { Finding } from '../finding.ts';
import { quoteRoutine, quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

/** An extension that is missing, in another schema, or older. */
export function extensionFixes({ object = '', detail }: Finding, { expected, live }: Scene): Mending[] {
  const wanted = expected.extensions[object];
  if (!wanted) return [];
  const [name, schema] = [escapeIdentifier(object), escapeIdentifier(wanted.schema)];
  const common = { stage: 'extension', lock: 'none' } as const;
  if (detail === 'version') return [{ ...common, sql: `alter extension ${name} update`, risk: 'CAUTION', estimatedMs: null, note: 'The new version may change what its functions do: read its release notes.' }];
  const alter = (to: string) => `alter extension ${name} set schema ${to}`;
  if (detail === 'schema') return [{ ...common, sql: alter(schema), risk: 'SAFE', undo: alter(escapeIdentifier(live.extensions[object]?.schema ?? '')) }];
  const home: Mending[] = wanted.schema === 'pg_catalog' ? [] : [{ ...common, stage: 'schema', sql: `create schema if not exists ${schema}`, risk: 'SAFE' }];
  return [...home, { ...common, sql: `create extension if not exists ${name} schema ${schema}`, risk: 'SAFE', estimatedMs: null, undo: `drop extension ${name}` }];
}

/** What another role owns goes to the one that owns the rest. */
export function ownerFixes({ table, object = '', expected = '', actual = '' }: Finding, { expected: catalog, live }: Scene): Mending[] {
  const name = table ?? object;
  const kind = Object.entries(live.owners.objects).find(([, list]) => list[name] === actual)?.[0];
  const noun = { tables: live.sequences[name] ? `sequence ${quoteTable(name)}` : `table ${quoteTable(name)}`, functions: `routine ${quoteRoutine(name)}`, types: `${catalog.domains[name] ? 'domain' : 'type'} ${quoteTable(name)}`, schemas: `schema ${escapeIdentifier(name)}` }[kind ?? ''];
  if (noun === undefined) return [];
  const to = (role: string) => `alter ${noun} owner to ${escapeIdentifier(role)}`;
  return [{ stage: 'access', sql: to(expected), risk: 'SAFE', lock: kind === 'tables' ? 'ACCESS EXCLUSIVE' : 'none', undo: to(actual) }];
}

/** Indexes in the old order are built again, then the version is set. */
export function collationFixes({ object = '' }: Finding, { live }: Scene): Mending[] {
  const found = live.collations.find(({ name }) => name === object);
  if (!found) return [];
  const reindex = found.indexes.map((index): Mending => ({
    stage: 'upkeep',
    sql: `reindex index concurrently ${quoteTable(index)}`,
    risk: 'SAFE',
    lock: 'SHARE UPDATE EXCLUSIVE',
    estimatedMs: null,
    note: 'It fails where the old order let duplicates in; reads and writes go on.',
  }));
  const of = found.isDefault ? `database ${escapeIdentifier(object)} refresh collation version` : `collation ${quoteTable(object)} refresh version`;
  const note = found.isDefault ? 'Indexes of other tables in this database have to be built again too.' : undefined;
  return [...reindex, { stage: 'upkeep', sql: `alter ${of}`, risk: found.isDefault ? 'CAUTION' : 'SAFE', lock: 'none', note }];
}

/** Somebody's table that shows its rows in reads of ours is cut off, with all of them. */
export function childFixes({ table = '', effect }: Finding, { expected, live }: Scene): Mending[] {
  if (effect === 'NONE') return [];
  const parents = live.heirs[table] ?? live.relations[table]?.inherits.filter((parent) => expected.relations[parent]) ?? [];
  return parents.map((parent) => {
    const inherit = (no: string) => `alter table ${quoteTable(table)} ${no}inherit ${quoteTable(parent)}`;
    return { stage: 'partition', lock: 'ACCESS EXCLUSIVE', sql: inherit('no '), risk: 'CAUTION', note: `Its rows stay in it, and show in ${parent} no more.`, undo: inherit('') };
  });
}

/** Partitions and heirs go back to their parents. What is not ours to be one is taken out, with all its rows. */
export function relationFixes({ table = '', detail = '' }: Finding, { expected, live }: Scene): Mending[] {
  const [wanted, found] = [expected.relations[table], live.relations[table]];
  if (!wanted || !found) return [];
  const target = quoteTable(table);
  const attach = (parent: string, bound: string | null) => `alter table ${quoteTable(parent)} attach partition ${target} ${bound ?? 'default'}`;
  const detach = (parent: string) => `alter table ${quoteTable(parent)} detach partition ${target}`;
  const common = { stage: 'partition', lock: 'ACCESS EXCLUSIVE' } as const;
  if (detail === 'partition') {
    if (wanted.parent !== null && found.parent === null) return [{ ...common, sql: attach(wanted.parent, wanted.partitionBound), risk: 'SAFE', note: 'It reads the whole table, to see that its rows belong there.', undo: detach(wanted.parent) }];
    if (wanted.parent === null && found.parent !== null) return [{ ...common, sql: detach(found.parent), risk: 'CAUTION', note: 'Its rows stay in it, and show in the other table no more.', undo: attach(found.parent, found.partitionBound) }];
    return [];
  }
  if (detail === '' || detail === 'key') return [];
  const inherit = (no: string) => `alter table ${target} ${no}inherit ${quoteTable(detail)}`;
  return wanted.inherits.includes(detail)
    ? [{ ...common, sql: inherit(''), risk: 'SAFE', undo: inherit('no ') }]
    : [{ ...common, sql: inherit('no '), risk: 'CAUTION', note: 'Its rows stay in it, and show in the other table no more.', undo: inherit('') }];
}
