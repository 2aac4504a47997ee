import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Column } from '../catalog.ts';
import { setAside } from '../compare/names/columns.ts';
import type { Finding } from '../finding.ts';
import { collation, columnSql, identityWord, isAddedAtOnce } from './columnSql.ts';
import { costOf, whileOthersWait } from './cost.ts';
import { quoteTable } from './identifiers.ts';
import { rootOf } from './inheritance.ts';
import type { Mending, Scene } from './mending.ts';
import { notNullSteps } from './notNull.ts';

const ALTER = { lock: 'ACCESS EXCLUSIVE' } as const;

/** What mends one column of a table that is there. Never drops a column, and never changes a value but by a cast. */
export function columnFixes(finding: Finding, scene: Scene): Mending[] {
  const { kind, column = '' } = finding;
  const table = rootOf(finding.table ?? '', column, scene);
  const expected = scene.expected.relations[table]?.columns[column];
  const actual = scene.live.relations[table]?.columns[column];
  if (kind === 'EXTRA_COLUMN') return extraColumn(finding);
  if (!expected) return [];
  switch (kind) {
    case 'MISSING_COLUMN':
      return missingColumn(table, column, expected, scene);
    case 'RENAMED_COLUMN':
      return renamedColumn({ ...finding, table });
    case 'COLUMN_DEFAULT':
      return actual ? changedDefault(table, column, expected, actual) : [];
    case 'COLUMN_NULLABILITY':
      return expected.notNull ? notNullSteps(table, column, scene) : [dropNotNull(table, column)];
    case 'COLUMN_IDENTITY':
      return actual ? identity(table, column, expected, actual) : [];
    case 'COLUMN_COLLATION':
      return [changedCollation(table, column, expected, actual, scene)];
    case 'COLUMN_GENERATED':
      return actual ? generation(table, column, expected, actual, scene) : [];
    default:
      return [];
  }
}

/** One without a value for the rows that are there is added without NOT NULL, which comes as soon as the rows fulfil it. */
function missingColumn(table: string, column: string, expected: Column, scene: Scene): Mending[] {
  const stage = expected.generated === '' ? 'column' : 'generated column';
  const add = (definition: Column): Mending => ({ stage, sql: `alter table ${quoteTable(table)} add column ${columnSql(column, definition)}`, ...ALTER, risk: 'SAFE' });
  const lacksValue = expected.notNull && expected.default === null && expected.identity === '' && expected.generated === '';
  if (lacksValue) return [{ ...add({ ...expected, notNull: false }), note: 'Rows from before have no value.' }, ...notNullWithoutValues(table, column, scene)];
  if (isAddedAtOnce(expected)) return [add(expected)];
  return [{ ...add(expected), ...whileOthersWait('rewrite', table, scene) }];
}

function notNullWithoutValues(table: string, column: string, scene: Scene): Mending[] {
  const steps = notNullSteps(table, column, scene);
  if (scene.live.relations[table]?.rows === 0) return steps;
  return steps.map((step) => ({ ...step, risk: 'CAUTION', note: 'It fails until every row from before was given a value.' }));
}

function renamedColumn({ table = '', column = '', actual = '' }: Finding): Mending[] {
  const [target, now, old] = [quoteTable(table), escapeIdentifier(actual), escapeIdentifier(column)];
  return [{ stage: 'column name', sql: `alter table ${target} rename column ${now} to ${old}`, ...ALTER, risk: 'SAFE', undo: `alter table ${target} rename column ${old} to ${now}` }];
}

/** One of somebody else, that refuses every insert of ours. */
function extraColumn({ table = '', column = '', effect }: Finding): Mending[] {
  return effect === 'NONE' ? [] : [dropNotNull(table, column)];
}

function dropNotNull(table: string, column: string): Mending {
  const alter = `alter table ${quoteTable(table)} alter column ${escapeIdentifier(column)}`;
  return { stage: 'change of column', sql: `${alter} drop not null`, ...ALTER, risk: 'SAFE', undo: `${alter} set not null` };
}

function changedDefault(table: string, column: string, expected: Column, actual: Column): Mending[] {
  const alter = `alter table ${quoteTable(table)} alter column ${escapeIdentifier(column)}`;
  if (actual.identity !== '' && expected.identity === '') return identity(table, column, expected, actual);
  const to = ({ default: value }: Column) => `${alter} ${value === null ? 'drop default' : `set default ${value}`}`;
  return [{ stage: 'change of column', sql: to(expected), ...ALTER, risk: 'SAFE', undo: to(actual) }];
}

function identity(table: string, column: string, expected: Column, actual: Column): Mending[] {
  const [target, name] = [quoteTable(table), escapeIdentifier(column)];
  const alter = `alter table ${target} alter column ${name}`;
  if (expected.identity === '') {
    const note = 'The sequence behind it goes with it.';
    const value = expected.default === null ? '' : `, alter column ${name} set default ${expected.default}`;
    return [{ stage: 'change of column', sql: `${alter} drop identity${value}`, ...ALTER, risk: 'CAUTION', note, undo: `${alter} add generated ${identityWord(actual.identity)} as identity` }];
  }
  if (actual.identity !== '') {
    return [{ stage: 'change of column', sql: `${alter} set generated ${identityWord(expected.identity)}`, ...ALTER, risk: 'SAFE', undo: `${alter} set generated ${identityWord(actual.identity)}` }];
  }
  const next = `select setval(pg_get_serial_sequence(${escapeLiteral(target)}, ${escapeLiteral(column)}), coalesce(max(${name}), 0) + 1, false) from ${target}`;
  return [
    // A default of its own would stand in the way.
    { stage: 'change of column', sql: `${alter} ${actual.default === null ? '' : 'drop default, alter column ' + name + ' '}add generated ${identityWord(expected.identity)} as identity`, ...ALTER, risk: 'SAFE', undo: `${alter} drop identity` },
    { stage: 'upkeep', sql: next, lock: 'ROW EXCLUSIVE', risk: 'SAFE', note: 'New rows get numbers after the highest that is there.' },
  ];
}

/** Its values stay; every index over it is built again. */
function changedCollation(table: string, column: string, expected: Column, actual: Column | undefined, scene: Scene): Mending {
  const alter = `alter table ${quoteTable(table)} alter column ${escapeIdentifier(column)} type ${expected.type}`;
  const named = (one: Column | undefined) => collation({ collation: one?.collation ?? 'default' });
  return { stage: 'change of column', sql: `${alter} ${named(expected)}`, ...ALTER, ...whileOthersWait('sort', table, scene), undo: `${alter} ${named(actual)}` };
}

const setsExpression = 17;

/** A column cannot become generated: the present one is put aside, values and all, and ours is made beside it. */
function generation(table: string, column: string, expected: Column, actual: Column, scene: Scene): Mending[] {
  const [target, name] = [quoteTable(table), escapeIdentifier(column)];
  if (expected.generated === '') {
    const value = expected.default === null ? '' : `, alter column ${name} set default ${expected.default}`;
    return actual.generated === 's' ? [{ stage: 'change of column', sql: `alter table ${target} alter column ${name} drop expression${value}`, ...ALTER, risk: 'SAFE', note: 'Its values stay as they are.' }] : [];
  }
  if (actual.generated === expected.generated && Number.parseInt(scene.live.database.version, 10) >= setsExpression) {
    const set = (one: Column) => `alter table ${target} alter column ${name} set expression as (${one.default})`;
    return [{ stage: 'change of column', sql: set(expected), ...ALTER, ...whileOthersWait('rewrite', table, scene), undo: set(actual) }];
  }
  const aside = escapeIdentifier(setAside(column));
  const note = 'What is there is put aside under another name, with its values and indexes; drop it when nobody misses it.';
  return [
    {
      stage: 'column name',
      sql: `alter table ${target} rename column ${name} to ${aside}`,
      ...ALTER,
      risk: 'CAUTION',
      note,
      undo: `alter table ${target} rename column ${aside} to ${name}`,
    },
    ...(actual.notNull && actual.generated === '' && actual.default === null ? [{ ...dropNotNull(table, setAside(column)), risk: 'CAUTION' as const }] : []),
    { stage: 'generated column', sql: `alter table ${target} add column ${columnSql(column, expected)}`, ...ALTER, risk: 'CAUTION', note: 'It writes every row again.', estimatedMs: costOf('rewrite', table, scene) },
  ];
}
