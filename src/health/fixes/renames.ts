import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Finding } from '../finding.ts';
import { quoteRoutine, quoteTable, schemaOf } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

/** What was renamed or moved is renamed or moved back; never made anew. */
export function renameFixes({ renamed, table = '', object = '', detail = '', actual = '', round = [] }: Finding, scene: Scene): Mending[] {
  switch (renamed) {
    case 'schema':
      return [there('schema', `alter schema ${escapeIdentifier(actual)} rename to ${escapeIdentifier(object)}`, `alter schema ${escapeIdentifier(object)} rename to ${escapeIdentifier(actual)}`)];
    case 'with its schema':
      return renameFixes({ kind: 'MOVED_TABLE', effect: 'FAILS', message: '', renamed: 'schema', object: schemaOf(table) ?? '', actual: schemaOf(actual) ?? '' }, scene);
    case 'label': {
      const rename = (from: string, to: string) => `alter type ${quoteTable(object)} rename value ${escapeLiteral(from)} to ${escapeLiteral(to)}`;
      return [there('type', rename(actual, detail), rename(detail, actual))];
    }
    case 'type':
      return [moveBack('type', object, actual, quoteTable, scene)];
    case 'routine':
      return [moveBack('routine', object, actual, quoteRoutine, scene)];
    case 'in a round':
      return roundBack(quoteTable(table), round);
    default:
      return [];
  }
}

function there(stage: Mending['stage'], sql: string, undo: string): Mending {
  return { stage, sql, undo, risk: 'SAFE', lock: 'none' };
}

function moveBack(what: 'type' | 'routine', expected: string, actual: string, quote: (name: string) => string, { live }: Scene): Mending {
  const [home, away] = [expected, actual].map((name) => schemaOf(name) ?? live.database.schema);
  const short = (name: string) => escapeIdentifier((name.replace(/\(.*$/, '').split('.').at(-1) ?? ''));
  return home === away
    ? there(what, `alter ${what} ${quote(actual)} rename to ${short(expected)}`, `alter ${what} ${quote(expected)} rename to ${short(actual)}`)
    : there(what, `alter ${what} ${quote(actual)} set schema ${escapeIdentifier(home ?? '')}`, `alter ${what} ${quote(expected)} set schema ${escapeIdentifier(away ?? '')}`);
}

/** Names that went round go back by way of names that nobody has. */
function roundBack(target: string, round: readonly (readonly [expected: string, present: string])[]): Mending[] {
  const rename = (from: string, to: string): Mending => {
    const [now, then] = [from, to].map((name) => escapeIdentifier(name));
    return { stage: 'column name', sql: `alter table ${target} rename column ${now} to ${then}`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', undo: `alter table ${target} rename column ${then} to ${now}` };
  };
  return [...round.map(([expected, present]) => rename(present, `${expected}_back`)), ...round.map(([expected]) => rename(`${expected}_back`, expected))];
}
