import { escapeIdentifier } from 'pg';
import type { Finding } from '../finding.ts';
import { constraintFixes } from './constraints.ts';
import type { Mending, Scene } from './mending.ts';
import { triggerFixes } from './triggers.ts';

/**
 * Where all triggers of a table are off, its foreign keys are made anew rather than switched on, for which nobody has to be
 * a superuser, and which looks at the rows that came in meanwhile.
 */
export function allTriggersOff({ table = '' }: Finding, scene: Scene): Mending[] {
  const { expected, live } = scene;
  const place = { kind: 'TRIGGER', effect: 'SILENT', message: '' } as const;
  const keys = Object.entries(live.relations).flatMap(([owner, { constraints }]) =>
    Object.entries(constraints)
      .filter(([name, { type, enforced, references }]) => type === 'f' && !enforced && (owner === table || references?.table === table) && expected.relations[owner]?.constraints[name])
      .flatMap(([name]) => constraintFixes({ ...place, table: owner, part: { ours: name, theirs: name } }, scene)));
  const triggers = Object.keys(expected.relations[table]?.triggers ?? {})
    .filter((name) => live.relations[table]?.triggers[name]?.enabled === 'D')
    .flatMap((name) => triggerFixes({ ...place, table, part: { ours: name, theirs: name } }, scene));
  return [...keys, ...triggers];
}

/** A role whose sessions write as replication does. */
export function triggersOfSession({ live: { database } }: Scene): Mending[] {
  const alter = `alter role ${escapeIdentifier(database.user)} in database ${escapeIdentifier(database.name)}`;
  const note = 'A superuser has to do it. It holds for new connections: start the servers and workers again afterwards.';
  return [{ stage: 'access', sql: `${alter} set session_replication_role = origin`, risk: 'SAFE', lock: 'none', note, undo: `${alter} reset session_replication_role` }];
}
