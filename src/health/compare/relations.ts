import type { Relation } from '../catalog.ts';
import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';
import { compareColumns } from './columns.ts';
import { compareConstraints } from './constraints.ts';
import { compareIndexes } from './indexes.ts';
import { extraTable } from './extraTable.ts';
import { comparePartitions } from './partitions.ts';
import { relationKinds } from './relationKinds.ts';
import { compareRules } from './rules.ts';
import { compareTriggers } from './triggers.ts';
import type { Names } from './names/names.ts';
import { lastOf } from './names/tables.ts';

/** Tables, and all that belongs to them, in the names that we expect. The history's table is judged with the history. */
export function compareRelations(expected: ExpectedCatalog, actual: LiveCatalog, { renamed, moved, schemas, impostors }: Names): Finding[] {
  const findings: Finding[] = [];
  for (const [table, relation] of Object.entries(expected.relations)) {
    const found = actual.relations[table];
    if (found) findings.push(...compareRelation(table, relation, found, actual));
    else if (table !== HISTORY_TABLE && !renamed.has(table) && !moved.has(table)) findings.push(missing(table, relation, actual.elsewhere[table.split('.').at(-1) ?? ''] ?? [], schemas, impostors.get(table), Object.keys(actual.relations).filter((name) => !expected.relations[name] && name.includes(table))));
  }
  const present = new Set([...renamed.values(), ...[...moved.values()].map((name) => (name.startsWith(`${actual.database.schema}.`) ? lastOf(name) : name))]);
  for (const [table, relation] of Object.entries(actual.relations)) {
    // pg-boss makes partitions for queues and statistics as it runs.
    if (!expected.relations[table] && relation.parent === null && !present.has(table)) findings.push(extraTable(table, relation.kind, relation.inherits.filter((parent) => expected.relations[parent])));
  }
  return findings;
}

function compareRelation(table: string, expected: Relation, actual: Relation, { functions, domains, relations }: LiveCatalog): Finding[] {
  if (expected.kind !== actual.kind) return [otherKind(table, expected, actual, relations)];
  const findings = [
    ...comparePersistence(table, expected, actual),
    ...comparePartitions(table, expected, actual),
    ...(expected.view ? [] : compareColumns(table, expected, actual, domains)),
    ...compareConstraints(table, expected, actual),
    ...compareIndexes(table, expected, actual),
    ...compareTriggers(table, expected, actual, functions),
    ...compareRules(table, expected, actual),
  ];
  return expected.parent === null ? findings : findings.map((finding) => withParent(finding, expected.parent ?? ''));
}

/** A partition's columns come and go with its parent's. */
function withParent(finding: Finding, parent: string): Finding {
  const { column, table, needs = [] } = finding;
  const ofParent = needs.filter((part) => part.startsWith(`${table}.`)).map((part) => `${parent}${part.slice(table?.length)}`);
  return { ...finding, needs: [...needs, ...ofParent, ...(column === undefined ? [] : [`${parent}.${column}`])] };
}

/** A table of that name elsewhere is said, and taken for another one: it has other columns, or it is a copy without keys. */
function missing(table: string, { kind, columns, parent }: Relation, elsewhere: string[], schemas: Names['schemas'], impostor: Relation | undefined, alike: string[]): Finding {
  const schema = table.includes('.') ? table.split('.')[0] : undefined;
  const other = elsewhere.length === 0 ? '' : ` The one in the schema ${elsewhere.join(', ')} is another.`;
  if (impostor) return replaced(table, columns, impostor, alike, other);
  return {
    kind: kind === 'v' || kind === 'm' ? 'VIEW' : 'MISSING_TABLE',
    table,
    effect: 'FAILS',
    sqlState: '42P01',
    expected: relationKinds[kind],
    lost: table,
    needs: [...(parent === null ? [] : [parent]), ...(schema !== undefined && schemas.has(schema) ? [`schema:${schema}`] : [])],
    message: `The ${relationKinds[kind]} ${table} (${Object.keys(columns).length} columns) is missing: whatever names it fails.${other}`,
  };
}

function replaced(table: string, ours: Relation['columns'], { kind, columns }: Relation, [perhaps]: string[], elsewhere: string): Finding {
  const names = Object.keys(columns);
  const common = names.filter((name) => ours[name]).length;
  const actual = `another ${relationKinds[kind]} (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''})`;
  return {
    kind: 'MISSING_TABLE',
    table,
    effect: 'FAILS',
    sqlState: '42703',
    expected: relationKinds[kind],
    actual,
    lost: table,
    ...(perhaps !== undefined && { perhaps }),
    message: `The table ${table} is not ours, it only bears the name: it has ${common} of our ${Object.keys(ours).length} columns. Ours was dropped or renamed, and what names its columns fails.${perhaps === undefined ? '' : ` Perhaps it is ${perhaps} now.`}${elsewhere}`,
  };
}

/** What a relation of another kind does to writes. */
const asKind: Record<string, Pick<Finding, 'effect' | 'sqlState'> & { words: string }> = {
  r: { effect: 'LATENT', words: 'reads and writes go on, but what makes partitions fails' },
  p: { effect: 'LATENT', words: 'reads and writes go on while its partitions take every row' },
  v: { effect: 'WRITE_FAILS', sqlState: '55000', words: 'writes to it fail, or go to the tables behind it' },
  m: { effect: 'WRITE_FAILS', sqlState: '42809', words: 'writes to it fail, and reads are as old as its last refresh' },
  f: { effect: 'SILENT', words: 'its rows stand on another server' },
};

/** A table in the place of a view. */
const copied = { effect: 'SILENT', words: 'it holds rows of its own, which follow nothing' } as const;

/** Without a partition no row has a place. */
const hollow = { effect: 'WRITE_FAILS', sqlState: '23514', words: 'it has no partition, so it holds no rows and every insert fails' } as const;

function otherKind(table: string, expected: Relation, actual: Relation, relations: LiveCatalog['relations']): Finding {
  const isCopy = expected.view != null && (actual.kind === 'r' || actual.kind === 'p');
  const isHollow = actual.kind === 'p' && !Object.values(relations).some(({ parent }) => parent === table);
  const { words, ...effects } = isCopy ? copied : isHollow ? hollow : (asKind[actual.kind] ?? { effect: 'FAILS', words: 'what we do with it fails' });
  return { kind: 'RELATION_KIND', table, ...effects, expected: relationKinds[expected.kind], actual: relationKinds[actual.kind], message: `${table} is a ${relationKinds[actual.kind]} instead of a ${relationKinds[expected.kind]}: ${words}.` };
}

function comparePersistence(table: string, { persistence: expected }: Relation, { persistence: actual }: Relation): Finding[] {
  if (expected === actual) return [];
  if (actual !== 'u') return [{ kind: 'PERSISTENCE', table, effect: 'NONE', expected: 'unlogged', actual: 'logged', message: `The table ${table} is logged, which it need not be.` }];
  return [{ kind: 'PERSISTENCE', table, effect: 'CORRUPTION', expected: 'logged', actual: 'unlogged', message: `The table ${table} is UNLOGGED: a crash empties it, and no standby has it.` }];
}
