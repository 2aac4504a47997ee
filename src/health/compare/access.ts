import type { Relation } from '../catalog.ts';
import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';

/** Tables where the server needs less than SELECT, INSERT, UPDATE and DELETE. */
const needs: Record<string, string[]> = {
  [HISTORY_TABLE]: ['SELECT'],
  activities: ['SELECT', 'INSERT'],
  schema_changes: ['SELECT'],
  schema_drifts: ['SELECT', 'INSERT', 'DELETE'],
  schema_past_drifts: ['SELECT', 'INSERT', 'DELETE'],
  schema_repairs: ['SELECT', 'INSERT', 'UPDATE'],
};

/** Rights that the serving role lacks, each with the grant that gives it. Effective rights count, not how they came. */
export function compareAccess(expected: ExpectedCatalog, live: LiveCatalog): Finding[] {
  const tables = Object.entries(expected.relations).filter(([table]) => live.relations[table]);
  return [
    ...live.closed.map((schema) => lacking(live, { on: 'schema', object: schema, right: 'USAGE' }, { effect: 'FAILS' }, `may not use the schema ${schema}, so nothing in it can be read or written`)),
    ...tables.flatMap(([table, relation]) => [...onTable(table, relation, live), ...onColumns(table, relation, live), ...onSequences(table, relation, live)]),
    ...onLooseSequences(expected, live),
    ...onFunctions(expected, live),
  ];
}

function onTable(table: string, relation: Relation, live: LiveCatalog): Finding[] {
  const lacks = (live.access[table]?.lacks ?? []).filter((right) => isNeeded(table, relation, right));
  return lacks.map((right) => lacking(live, { on: 'table', object: table, right }, { table, effect: effectOf(right) }, `may not ${right} on ${table}`));
}

function onColumns(table: string, relation: Relation, live: LiveCatalog): Finding[] {
  return Object.entries(live.access[table]?.columns ?? {})
    .filter(([column]) => relation.columns[column])
    .flatMap(([column, lacks]) => lacks.filter((right) => isNeeded(table, relation, right)).map((right) =>
      lacking(live, { on: 'table', object: table, column, right }, { table, column, effect: effectOf(right) }, `may ${right} other columns of ${table}, but not ${column}`)));
}

/** An identity needs no right on its sequence; a default that calls nextval does. */
function onSequences(table: string, relation: Relation, live: LiveCatalog): Finding[] {
  return Object.entries(live.relations[table]?.columns ?? {}).flatMap(([column, { sequence, identity }]) => {
    if (sequence === null || identity !== '' || !relation.columns[column] || !live.unusable.sequences.includes(sequence)) return [];
    const message = `may not use the sequence ${sequence}, which numbers ${table}.${column}`;
    return [lacking(live, { on: 'sequence', object: sequence, right: 'USAGE' }, { table, column, object: sequence, effect: 'WRITE_FAILS' }, message)];
  });
}

function onLooseSequences({ relations, sequences }: ExpectedCatalog, live: LiveCatalog): Finding[] {
  const ofColumns = new Set([relations, live.relations].flatMap((all) => Object.values(all).flatMap(({ columns }) => Object.values(columns).map(({ sequence }) => sequence))));
  return Object.keys(sequences)
    .filter((name) => !ofColumns.has(name) && live.unusable.sequences.includes(name))
    .map((object) => lacking(live, { on: 'sequence', object, right: 'USAGE' }, { object, effect: 'WRITE_FAILS' }, `may not use the sequence ${object}`));
}

/** Triggers run without a right of whoever writes. */
function onFunctions({ functions }: ExpectedCatalog, live: LiveCatalog): Finding[] {
  return Object.entries(functions)
    .filter(([name, { returns }]) => live.functions[name] && !returns.endsWith('trigger') && live.unusable.functions.includes(name))
    .map(([object]) => lacking(live, { on: 'function', object, right: 'EXECUTE' }, { object, effect: 'FAILS' }, `may not execute the function ${object}`));
}

/** Whether the server needs the right. */
export function isNeeded(table: string, { kind }: Relation, right: string): boolean {
  const needed = needs[table] ?? (kind === 'v' || kind === 'm' ? ['SELECT'] : null);
  return needed === null || needed.includes(right);
}

function effectOf(right: string): 'FAILS' | 'WRITE_FAILS' {
  return right === 'SELECT' ? 'FAILS' : 'WRITE_FAILS';
}

type Grant = NonNullable<Finding['grant']>;

function lacking({ database: { user } }: LiveCatalog, grant: Grant, place: Pick<Finding, 'effect' | 'table' | 'column' | 'object'>, message: string): Finding {
  const { on, object, column, right } = grant;
  const what = column === undefined ? right.toLowerCase() : `${right.toLowerCase()} (${column})`;
  const target = on === 'table' ? object : `${on} ${object}`;
  return {
    kind: 'PRIVILEGE',
    ...place,
    ...(on === 'schema' ? { object } : { detail: right }),
    sqlState: '42501',
    expected: right,
    actual: `no ${right}`,
    grant,
    message: `The role ${user} ${message}. It needs: grant ${what} on ${target} to ${user}.`,
  };
}
