import { escapeIdentifier } from 'pg';
import type { Finding } from '../finding.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

/** Grants exactly the right that the serving role lacks. */
export function privilegeFixes({ table, object = '', expected = '' }: Finding, { live }: Scene): Mending[] {
  const role = escapeIdentifier(live.database.user);
  const right = expected.toLowerCase();
  const on = table === undefined ? `schema ${escapeIdentifier(object)}` : quoteTable(table);
  return [{ stage: 'access', sql: `grant ${right} on ${on} to ${role}`, risk: 'SAFE', lock: 'none', undo: `revoke ${right} on ${on} from ${role}` }];
}

export function rowSecurityFixes({ table = '' }: Finding): Mending[] {
  const alter = (word: string) => `alter table ${quoteTable(table)} ${word} row level security`;
  return [{ stage: 'access', sql: alter('disable'), risk: 'CAUTION', lock: 'ACCESS EXCLUSIVE', note: 'Rows that were hidden on purpose become visible: ask who did it.', undo: alter('enable') }];
}

/** In this database the role finds our schema first; sessions that are open keep the path that they have. */
export function searchPathFixes(_finding: Finding, { live: { database } }: Scene): Mending[] {
  const alter = `alter role ${escapeIdentifier(database.user)} in database ${escapeIdentifier(database.name)}`;
  const note = 'It holds for new connections: start the servers and workers again afterwards.';
  return [{ stage: 'access', sql: `${alter} set search_path = ${escapeIdentifier(database.schema)}`, risk: 'SAFE', lock: 'none', note, undo: `${alter} reset search_path` }];
}
