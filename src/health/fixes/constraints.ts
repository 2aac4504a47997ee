import { escapeIdentifier } from 'pg';
import type { Constraint } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { constraintSql } from './constraintSql.ts';
import { costOf, whileOthersWait } from './cost.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';
import { isStandIn } from './notNull.ts';

const stage = 'constraint';

/** Foreign keys, checks and exclusions: ours are put there, and what ours replaces goes in the same moment. */
export function constraintFixes(finding: Finding, scene: Scene): Mending[] {
  const { table = '', part = {}, effect } = finding;
  if (part.ours !== undefined) return ours(finding, scene);
  const theirs = part.theirs;
  if (theirs === undefined || effect === 'NONE') return [];
  const found = scene.live.relations[table]?.constraints[theirs];
  const drop = { stage, sql: `alter table ${quoteTable(table)} drop constraint ${escapeIdentifier(theirs)}`, lock: 'ACCESS EXCLUSIVE' } as const;
  if (isStandIn(theirs)) return [{ ...drop, stage: 'upkeep', risk: 'SAFE', note: 'A repair that was interrupted left it behind.' }];
  const sql = found ? constraintSql(found) : null;
  return [{ ...drop, risk: 'CAUTION', note: 'Somebody made this constraint: ask who needs it.', undo: sql === null ? undefined : `alter table ${quoteTable(table)} add constraint ${escapeIdentifier(theirs)} ${sql} not valid` }];
}

/** Without looking at the rows first, so that the lock is short; then with a look at every row, beside writes. */
function ours({ table = '', part = {} }: Finding, scene: Scene): Mending[] {
  const { ours: name = '', theirs } = part;
  const wanted = scene.expected.relations[table]?.constraints[name];
  const found = theirs === undefined ? undefined : scene.live.relations[table]?.constraints[theirs];
  if (!wanted?.definition) return [];
  const target = quoteTable(table);
  const [quoted, old] = [escapeIdentifier(name), escapeIdentifier(theirs ?? '')];
  const replace = found === undefined ? '' : `drop constraint ${old}, `;
  const before = found ? constraintSql(found) : null;
  const back = before === null ? '' : `, add constraint ${old} ${before} not valid`;
  const undo = found !== undefined && before === null ? undefined : `alter table ${target} drop constraint ${quoted}${back}`;
  const add = `alter table ${target} ${replace}add constraint ${quoted} ${wanted.definition}`;
  const lock = found === undefined && wanted.type === 'f' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE';

  const looksAtOnce = wanted.type === 'x' || (wanted.type === 'f' && scene.live.relations[table]?.kind === 'p');
  if (looksAtOnce) return [{ stage, sql: add, lock, ...whileOthersWait(wanted.type === 'x' ? 'sort' : 'scan', table, scene), undo, needsRows: true }];
  if (wanted.definition.endsWith('NOT VALID')) return [{ stage, sql: add, lock, risk: 'SAFE', undo }];
  const check = validation(table, name, scene);
  const note = `It fails while a row refers to what ${wanted.references?.table} held before it was lost.`;
  return [{ stage, sql: `${add} not valid`, lock, risk: 'SAFE', undo }, refersToLost(wanted, table, scene) ? { ...check, risk: 'CAUTION', note } : check];
}

/** The table to which it refers comes back empty, and this one has rows. */
function refersToLost({ references }: Constraint, table: string, { live }: Scene): boolean {
  return references !== null && !live.relations[references.table] && live.relations[table]?.rows !== 0;
}

/** A constraint that holds for new rows only becomes one for all. */
export function notValid({ table = '', part, object = '' }: Finding, scene: Scene): Mending[] {
  return [validation(table, part?.theirs ?? object, scene)];
}

function validation(table: string, name: string, scene: Scene): Mending {
  return {
    stage: 'validation',
    sql: `alter table ${quoteTable(table)} validate constraint ${escapeIdentifier(name)}`,
    risk: 'SAFE',
    lock: 'SHARE UPDATE EXCLUSIVE',
    note: 'It reads the whole table; reads and writes go on. It fails while a row breaks the rule.',
    needsRows: true,
    estimatedMs: costOf('scan', table, scene),
  };
}
