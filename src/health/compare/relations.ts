import type { LiveCatalog, Relation } from '../catalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';
import { compareColumns } from './columns.ts';
import { compareConstraints } from './constraints.ts';
import { compareIndexes } from './indexes.ts';
import { compareTriggers } from './triggers.ts';
import { renamedTables } from './renamedTables.ts';
import { renamesIn, underOldNames, type Renames } from './underOldNames.ts';

const kinds: Record<string, string> = { r: 'table', p: 'partitioned table', v: 'view', m: 'materialized view', f: 'foreign table' };

/** Tables, and all that belongs to them. The history's table is judged with the history. */
export function compareRelations(expected: ExpectedCatalog, actual: LiveCatalog): Finding[] {
  const renames = renamesIn(expected, actual);
  const renamed = renamedTables(expected, actual);
  const findings: Finding[] = [];
  for (const [table, relation] of Object.entries(expected.relations)) {
    const found = actual.relations[table];
    if (found) findings.push(...compareRelation(table, relation, found, renames));
    else if (table !== HISTORY_TABLE) findings.push({ ...missing(table, relation, renamed.get(table), actual.elsewhere[table] ?? []), needs: relation.parent === null ? [] : [relation.parent] });
  }
  const newNames = new Set(renamed.values());
  for (const [table, relation] of Object.entries(actual.relations)) {
    // pg-boss makes partitions for queues and statistics as it runs.
    if (!expected.relations[table] && relation.parent === null && !newNames.has(table)) findings.push(extra(table, relation));
  }
  return findings;
}

function compareRelation(table: string, expected: Relation, actual: Relation, renames: Renames): Finding[] {
  if (expected.kind !== actual.kind) return [otherKind(table, expected, actual)];
  const renamed = underOldNames(table, actual, renames);
  const findings = [
    ...comparePersistence(table, expected, actual),
    ...compareColumns(table, expected, renamed),
    ...compareConstraints(table, expected, renamed),
    ...compareIndexes(table, expected, renamed),
    ...compareTriggers(table, expected, renamed),
  ];
  return expected.parent === null ? findings : findings.map((finding) => withParent(finding, expected.parent ?? ''));
}

/** A partition's columns come and go with its parent's. */
function withParent(finding: Finding, parent: string): Finding {
  const { column, table, needs = [] } = finding;
  const ofParent = needs.filter((part) => part.startsWith(`${table}.`)).map((part) => `${parent}${part.slice(table?.length)}`);
  return { ...finding, needs: [...needs, ...ofParent, ...(column === undefined ? [] : [`${parent}.${column}`])] };
}

function missing(table: string, { kind, columns }: Relation, renamedTo: string | undefined, elsewhere: string[]): Finding {
  const place = { table, effect: 'FAILS', sqlState: '42P01', expected: kinds[kind], lost: table } as const;
  if (renamedTo !== undefined) {
    return { ...place, kind: 'RENAMED_TABLE', expected: table, actual: renamedTo, message: `The table ${table} is now called ${renamedTo}: whatever names it fails. Rename it back.` };
  }
  if (elsewhere.length > 0) {
    return { ...place, kind: 'MOVED_TABLE', expected: table, actual: `${elsewhere[0]}.${table}`, message: `The table ${table} was moved to the schema ${elsewhere[0]}: whatever names it fails. Move it back.` };
  }
  return { ...place, kind: 'MISSING_TABLE', message: `The ${kinds[kind]} ${table} (${Object.keys(columns).length} columns) is missing: whatever names it fails.` };
}

function extra(table: string, { kind }: Relation): Finding {
  return { kind: 'EXTRA_TABLE', table, effect: 'NONE', actual: kinds[kind], message: `The ${kinds[kind]} ${table} is not ours; it does no harm.` };
}

function otherKind(table: string, expected: Relation, actual: Relation): Finding {
  return {
    kind: 'RELATION_KIND',
    table,
    effect: 'WRITE_FAILS',
    sqlState: '42809',
    expected: kinds[expected.kind],
    actual: kinds[actual.kind],
    message: `${table} is a ${kinds[actual.kind]} instead of a ${kinds[expected.kind]}: writes to it fail or go elsewhere.`,
  };
}

function comparePersistence(table: string, { persistence: expected }: Relation, { persistence: actual }: Relation): Finding[] {
  if (expected === actual) return [];
  if (actual !== 'u') return [{ kind: 'PERSISTENCE', table, effect: 'NONE', expected: 'unlogged', actual: 'logged', message: `The table ${table} is logged, which it need not be.` }];
  return [{ kind: 'PERSISTENCE', table, effect: 'CORRUPTION', expected: 'logged', actual: 'unlogged', message: `The table ${table} is UNLOGGED: a crash empties it, and no standby has it.` }];
}
