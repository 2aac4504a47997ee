import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Sequence } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

/** A sequence that is missing, counts otherwise, is not the column's own, or gives numbers that are taken. */
export function sequenceFixes({ table, column, object = '', detail }: Finding, scene: Scene): Mending[] {
  const own = table === undefined ? object : (scene.expected.relations[table]?.columns[column ?? '']?.sequence ?? object);
  const wanted = scene.expected.sequences[detail === 'source' ? own : object] ?? scene.expected.sequences[own];
  switch (detail) {
    case undefined:
      return wanted ? [creation(object, wanted), ...(table === undefined ? [] : [ownership(object, table, column ?? ''), catchUp(object, table, column ?? '', scene)])] : [];
    case 'source':
      return source(own, table ?? '', column ?? '', scene);
    case 'settings':
      return wanted ? settings(object, wanted, scene) : [];
    case 'behind':
      return [catchUp(object, table ?? '', column ?? '', scene)];
    default:
      return [];
  }
}

function creation(name: string, wanted: Sequence): Mending {
  return { stage: 'sequence', sql: `create sequence ${quoteTable(name)} ${describe(wanted)} start with ${wanted.start}`, risk: 'SAFE', lock: 'none', undo: `drop sequence ${quoteTable(name)}` };
}

/** It goes when its column goes. */
function ownership(name: string, table: string, column: string): Mending {
  const alter = `alter sequence ${quoteTable(name)} owned by`;
  return { stage: 'upkeep', sql: `${alter} ${quoteTable(table)}.${escapeIdentifier(column)}`, risk: 'SAFE', lock: 'SHARE ROW EXCLUSIVE', undo: `${alter} none` };
}

/** The next number comes after those that the table holds. */
function catchUp(name: string, table: string, column: string, { live, expected }: Scene): Mending {
  const { increment = '1' } = expected.sequences[name] ?? live.sequences[name] ?? {};
  const { last, called } = live.counters[`${table}.${column}`] ?? {};
  const sequence = escapeLiteral(quoteTable(name));
  const [furthest, quoted] = [increment.startsWith('-') ? 'min' : 'max', escapeIdentifier(column)];
  return {
    stage: 'upkeep',
    sql: `select setval(${sequence}, ${furthest}(${quoted})) from ${quoteTable(table)} having count(${quoted}) > 0`,
    risk: 'SAFE',
    lock: 'ROW EXCLUSIVE',
    note: 'Numbers are skipped, never given twice.',
    undo: last == null ? undefined : `select setval(${sequence}, ${last}, ${called ?? true})`,
  };
}

function source(own: string, table: string, column: string, scene: Scene): Mending[] {
  const [wanted, found] = [scene.expected, scene.live].map(({ relations }) => relations[table]?.columns[column]);
  if (!wanted || wanted.identity !== '' || wanted.default === null) return [];
  const alter = `alter table ${quoteTable(table)} alter column ${escapeIdentifier(column)} set default`;
  const undo = found?.default == null ? undefined : `${alter} ${found.default}`;
  return [{ stage: 'change of column', sql: `${alter} ${wanted.default}`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', undo }, catchUp(own, table, column, scene)];
}

function settings(name: string, wanted: Sequence, { live }: Scene): Mending[] {
  const found = live.sequences[name];
  const to = (sequence: Sequence) => `alter sequence ${quoteTable(name)} ${describe(sequence)}`;
  return [{ stage: 'sequence', sql: to(wanted), risk: 'SAFE', lock: 'SHARE ROW EXCLUSIVE', undo: found && to(found) }];
}

function describe({ type, increment, minimum, maximum, cycle }: Sequence): string {
  return `as ${type} increment by ${increment} minvalue ${minimum} maxvalue ${maximum} ${cycle ? 'cycle' : 'no cycle'}`;
}
