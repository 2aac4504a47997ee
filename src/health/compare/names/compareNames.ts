import type { Finding } from '../../finding.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import type { LiveCatalog } from '../../liveCatalog.ts';
import { typeEffect } from '../typeEffect.ts';
import type { Names } from './names.ts';

/** What is called otherwise, or stands elsewhere: one difference each, and nothing of it is missing. */
export function compareNames(expected: ExpectedCatalog, actual: LiveCatalog, names: Names): Finding[] {
  const { schemas, renamed, moved, columns, enums, labels, routines, impostors } = names;
  const taken = (table: string) => (impostors.has(table) ? ' Another table took its name.' : '');
  const isIn = (name: string) => schemas.has(name.split('.')[0] ?? '');
  return [
    ...[...schemas].map(([schema, now]) => displacedSchema(schema, now)),
    ...[...renamed].map(([table, now]) => renamedTable(table, now, taken(table))),
    ...[...moved].map(([table, now]) => movedTable(table, now, isIn(table), taken(table))),
    ...[...columns].flatMap(([table, own]) => [...own].map(([column, now]) => renamedColumn(table, column, now, own, expected, actual))),
    ...[...enums].filter(([name]) => !isIn(name)).map(([name, now]) => renamedEnum(name, now)),
    ...[...labels].flatMap(([name, own]) => [...own].map(([label, now]) => renamedLabel(name, label, now, expected.enums[name] ?? []))),
    ...[...routines].filter(([name]) => !isIn(name)).map(([name, now]) => renamedRoutine(name, now, expected)),
  ];
}

function displacedSchema(schema: string, now: string | null): Finding {
  const place = { object: schema, effect: 'FAILS', sqlState: '3F000', expected: schema, lost: `schema:${schema}` } as const;
  return now === null
    ? { ...place, kind: 'MISSING_TABLE', actual: 'nothing', message: `The schema ${schema} is gone with all that was in it: whatever names it fails.` }
    : { ...place, kind: 'MOVED_TABLE', actual: now, renamed: 'schema', message: `The schema ${schema} is now called ${now}: whatever names it fails. Rename it back; nothing in it is lost.` };
}

function renamedTable(table: string, now: string, taken: string): Finding {
  return { kind: 'RENAMED_TABLE', table, effect: 'FAILS', sqlState: '42P01', expected: table, actual: now, lost: table, message: `The table ${table} is now called ${now}: whatever names it fails. Rename it back; its rows are all there.${taken}` };
}

function movedTable(table: string, now: string, withSchema: boolean, taken: string): Finding {
  const [schema] = now.split('.');
  return {
    kind: 'MOVED_TABLE',
    table,
    effect: 'FAILS',
    sqlState: '42P01',
    expected: table,
    actual: now,
    lost: table,
    ...(withSchema && { renamed: 'with its schema', needs: [`schema:${table.split('.')[0]}`] }),
    message: `The table ${table} stands in the schema ${schema} now: whatever names it fails. Move it back; its rows are all there.${taken}`,
  };
}

function renamedColumn(table: string, column: string, now: string, own: ReadonlyMap<string, string>, expected: ExpectedCatalog, actual: LiveCatalog): Finding {
  const place = { kind: 'RENAMED_COLUMN', table, column, expected: column, actual: now } as const;
  if (!own.has(now)) {
    return { ...place, effect: 'FAILS', sqlState: '42703', lost: `${table}.${column}`, message: `The column ${table}.${column} is now called ${now}; whatever names it fails. Rename it back; its values are all there.` };
  }
  const round = [...own].filter(([, present]) => own.has(present));
  const wanted = expected.relations[table]?.columns[column]?.type ?? '';
  const found = actual.relations[table]?.columns[column]?.type ?? '';
  const { effect, sqlState } = typeEffect(wanted, found);
  return {
    ...place,
    renamed: 'in a round',
    round,
    // One of them stands for the round.
    ...(column === round[0]?.[0] ? { lost: `round:${table}` } : { needs: [`round:${table}`] }),
    effect: wanted === found ? 'SILENT' : effect,
    sqlState: wanted === found ? undefined : sqlState,
    message: `The names of ${table}.${column} and ${table}.${now} were swapped: what is meant for the one is written to the other, and read from it. Rename them back.`,
  };
}

function renamedEnum(object: string, now: string): Finding {
  const where = now.includes('.') && !object.includes('.') ? `stands in the schema ${now.split('.')[0]} now` : `is now called ${now}`;
  return { kind: 'ENUM', object, renamed: 'type', effect: 'FAILS', sqlState: '42704', expected: object, actual: now, lost: object, message: `The enum ${object} ${where}: whatever names it fails, and its columns go on to use it. ${where.startsWith('is') ? 'Rename' : 'Move'} it back.` };
}

function renamedLabel(object: string, detail: string, now: string, labels: readonly string[]): Finding {
  return { kind: 'ENUM', object, detail, renamed: 'label', effect: 'FAILS', sqlState: '22P02', expected: labels.join(', '), actual: now, message: `The value ${detail} of the enum ${object} is now called ${now}: writing it or looking for it fails, and rows that hold it cannot be shown. Rename it back.` };
}

/** Triggers, defaults and what is generated go on to use it. */
function renamedRoutine(object: string, now: string, { relations, functions }: ExpectedCatalog): Finding {
  const name = object.slice(0, object.indexOf('('));
  const isBound = !name.includes('.') && (functions[object]?.returns === 'trigger' || Object.values(relations).some(({ columns }) => Object.values(columns).some((column) => column.default?.includes(`${name}(`))));
  const place = { kind: 'FUNCTION', object, renamed: 'routine', expected: object, actual: now, lost: object } as const;
  return isBound
    ? { ...place, effect: 'LATENT', message: `The function ${name} is now called ${nameOf(now)}: what uses it goes on to, but the next migration that names it fails. Rename it or move it back.` }
    : { ...place, effect: 'FAILS', sqlState: '42883', message: `The function ${name} is now called ${nameOf(now)}: whatever calls it fails. Rename it or move it back.` };
}

function nameOf(routine: string): string {
  return routine.slice(0, routine.indexOf('('));
}
