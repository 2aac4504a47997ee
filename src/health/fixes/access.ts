import { escapeIdentifier } from 'pg';
import type { LiveCatalog } from '../liveCatalog.ts';
import { isNeeded } from '../compare/access.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';
import { quoteRoutine, quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

/** Grants exactly the right that the serving role lacks. A published table is known again by its primary key. */
export function privilegeFixes(finding: Finding, { live }: Scene): Mending[] {
  const { grant } = finding;
  if (!grant) return identity(finding, live);
  const { on, object, right, column } = grant;
  const what = `${right.toLowerCase()}${column === undefined ? '' : ` (${escapeIdentifier(column)})`}`;
  const target = { table: quoteTable, schema: escapeIdentifier, sequence: quoteTable, function: quoteRoutine }[on](object);
  return [granting(what, on === 'table' ? target : `${on} ${target}`, live.database.user)];
}

function identity({ table = '', object }: Finding, { publications, relations }: LiveCatalog): Mending[] {
  const found = publications.find((one) => one.table === table && one.publication === object);
  const hasKey = Object.values(relations[table]?.indexes ?? {}).some(({ primary, immediate, valid }) => primary && immediate && valid);
  if (found?.lacks !== 'identity' || !hasKey) return [];
  const sql = `alter table ${quoteTable(table)} replica identity`;
  return [{ stage: 'access', sql: `${sql} default`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', undo: found.identity === 'n' ? `${sql} nothing` : undefined }];
}

/** What is made anew belongs to the role that repairs; the one that serves may be another. */
export function grantsOn(table: string, { expected, live }: Scene): Mending[] {
  const relation = expected.relations[table];
  if (!relation || ownsObjects(live)) return [];
  const rights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].filter((right) => isNeeded(table, relation, right));
  return [granting(rights.join(', ').toLowerCase(), quoteTable(table), live.database.user)];
}

/** As `grantsOn`, for a schema. */
export function grantsOnSchema(schema: string, { live }: Scene): Mending[] {
  return ownsObjects(live) ? [] : [granting('usage', `schema ${escapeIdentifier(schema)}`, live.database.user)];
}

function ownsObjects({ owners: { objects }, database: { user } }: LiveCatalog): boolean {
  return Object.values(objects['tables'] ?? objects['schemas'] ?? {}).includes(user);
}

export function unreadableHistory(_finding: Finding, { live }: Scene): Mending[] {
  return [granting('select', escapeIdentifier(HISTORY_TABLE), live.database.user)];
}

function granting(right: string, on: string, user: string): Mending {
  const role = escapeIdentifier(user);
  return { stage: 'access', sql: `grant ${right} on ${on} to ${role}`, risk: 'SAFE', lock: 'none', undo: `revoke ${right} on ${on} from ${role}` };
}

/** In this database the role finds our schema first; sessions that are open keep the path that they have. */
export function searchPathFixes(_finding: Finding, { live: { database } }: Scene): Mending[] {
  const alter = `alter role ${escapeIdentifier(database.user)} in database ${escapeIdentifier(database.name)}`;
  const note = 'It holds for new connections: start the servers and workers again afterwards.';
  return [{ stage: 'access', sql: `${alter} set search_path = ${escapeIdentifier(database.schema)}`, risk: 'SAFE', lock: 'none', note, undo: `${alter} reset search_path` }];
}
