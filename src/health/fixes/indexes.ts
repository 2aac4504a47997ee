import { escapeIdentifier } from 'pg';
import type { Index, Relation } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { CATALOG_MS, costOf, whileOthersWait } from './cost.ts';
import { quoteBeside, quoteTable } from './identifiers.ts';
import { asMigrated, dropIndexSql, indexSql, sameIndex } from './indexSql.ts';
import type { Mending, Scene } from './mending.ts';

const stage = 'key';

interface Place {
  table: string;
  target: string;
  wanted: Relation;
  found: Relation;
  scene: Scene;
}

/** Indexes, and the primary and unique keys that they make true. */
export function indexFixes(finding: Finding, scene: Scene): Mending[] {
  const { table = '', part = {}, effect } = finding;
  const [wanted, found] = [scene.expected.relations[table], scene.live.relations[table]];
  if (!wanted || !found) return [];
  const place = { table, target: quoteTable(table), wanted, found, scene };
  const index = wanted.indexes[part.ours ?? ''];
  const ofParent = index && part.theirs === undefined ? lostByParent(wanted, index, scene) : null;
  if (ofParent) return indexFixes({ ...finding, ...ofParent }, scene);
  if (part.ours !== undefined) return index?.definition === undefined ? [] : ours(place, part.ours, index, part.theirs);
  if (part.theirs === undefined) return [];
  if (effect === 'NONE') return squatter(place, part.theirs);
  return [{ ...removal(place, part.theirs), risk: 'CAUTION', note: 'Somebody made this key: ask who needs it.' }];
}

/** A partition gets the index that its parent lacks as soon as the parent has it. */
function lostByParent({ parent }: Relation, index: Index, { expected, live }: Scene): { table: string; part: { ours: string } } | null {
  const [wanted, found] = [expected.relations[parent ?? ''], live.relations[parent ?? '']];
  if (parent === null || !wanted || !found) return null;
  const ours = Object.entries(wanted.indexes).find(([, other]) => sameIndex(other, index))?.[0];
  const isThere = Object.values(found.indexes).some((other) => sameIndex(other, index));
  return ours === undefined || isThere ? null : { table: parent, part: { ours } };
}

/** Builds ours beside what is there, lets it take over, and removes what it replaces. */
function ours(place: Place, name: string, index: Index, theirs: string | undefined): Mending[] {
  const { table, found, wanted } = place;
  const constraint = index.constraint === null ? undefined : wanted.constraints[index.constraint];
  if (index.constraint !== null && (constraint?.type === 'x' || found.kind === 'p')) return [wholeConstraint(place, index.constraint)];
  const isInTheWay = found.indexes[name] !== undefined;
  const built = Object.entries(found.indexes).find(([, other]) => other.valid && other.constraint === null && sameIndex(other, index))?.[0];
  const buildName = isInTheWay ? `${name.slice(0, 59)}_new` : name;
  const steps: Mending[] = built === undefined ? [build(place, buildName, index)] : [];
  const present = built ?? buildName;
  const replaced = isInTheWay && present !== name ? name : theirs !== undefined && theirs !== present && index.primary && found.indexes[theirs]?.primary ? theirs : undefined;
  if (replaced !== undefined) steps.push({ ...removal(place, replaced), note: 'Ours has taken its place.' });
  else if (theirs !== undefined && theirs !== present && found.indexes[theirs]?.unique && !index.unique) {
    steps.push({ ...removal(place, theirs), risk: 'CAUTION', note: 'It refuses what we write, and ours does not. Somebody made it: ask who needs it.' });
  }
  if (index.constraint !== null) steps.push(attachment(place, present, index, constraint?.definition ?? ''));
  else if (present !== name && !(built !== undefined && !isInTheWay)) steps.push(rename(table, present, name));
  return steps;
}

function build({ table, wanted, found, scene }: Place, name: string, index: Index): Mending {
  const sql = asMigrated(index.definition ?? indexSql(name, table, index, wanted), name, found.kind);
  const undo = dropIndexSql(table, name, found.kind);
  const needsRows = index.unique || undefined;
  if (found.kind === 'p') return { stage, sql, lock: 'SHARE', ...whileOthersWait('sort', table, scene), undo, needsRows };
  const note = index.unique ? 'It fails while there are duplicates; reads and writes go on.' : undefined;
  return { stage, sql, risk: 'SAFE', lock: 'SHARE UPDATE EXCLUSIVE', note, estimatedMs: costOf('sort', table, scene), undo, needsRows };
}

function attachment({ target }: Place, present: string, index: Index, definition: string): Mending {
  const key = index.primary ? 'primary key' : 'unique';
  const timing = /(?: DEFERRABLE.*| INITIALLY.*)$/.exec(definition)?.[0].toLowerCase() ?? '';
  const constraint = escapeIdentifier(index.constraint ?? '');
  return {
    stage,
    sql: `alter table ${target} add constraint ${constraint} ${key} using index ${escapeIdentifier(present)}${timing}`,
    risk: 'SAFE',
    lock: 'ACCESS EXCLUSIVE',
    estimatedMs: CATALOG_MS,
    undo: `alter table ${target} drop constraint ${constraint}`,
  };
}

/** An exclusion, or a key of a partitioned table: there is no way to build it beside the writes. */
function wholeConstraint({ table, target, wanted, scene }: Place, name: string): Mending {
  const constraint = wanted.constraints[name];
  return {
    stage: constraint?.type === 'x' ? 'constraint' : stage,
    sql: `alter table ${target} add constraint ${escapeIdentifier(name)} ${constraint?.definition}`,
    lock: 'ACCESS EXCLUSIVE',
    ...whileOthersWait('sort', table, scene),
    undo: `alter table ${target} drop constraint ${escapeIdentifier(name)}`,
    needsRows: true,
  };
}

/** An index goes, alone or with the constraint that it makes true; no row does. */
function removal({ table, target, found }: Place, name: string): Mending {
  const index = found.indexes[name];
  const undo = index && !JSON.stringify(index).includes('(not read)') ? indexSql(name, table, index, found) : undefined;
  if (index?.constraint == null) return { stage, sql: dropIndexSql(table, name, found.kind), risk: 'SAFE', lock: found.kind === 'p' ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', undo };
  return { stage, sql: `alter table ${target} drop constraint ${escapeIdentifier(index.constraint)}`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', undo };
}

/** A harmless one under the name of ours, which has another name: a repair was interrupted. */
function squatter(place: Place, theirs: string): Mending[] {
  const { table, wanted, found } = place;
  const index = wanted.indexes[theirs];
  const aside = index && Object.entries(found.indexes).find(([name, other]) => name === `${theirs.slice(0, 59)}_new` && sameIndex(other, index))?.[0];
  return aside === undefined ? [] : [{ ...removal(place, theirs), note: 'Ours has taken its place.' }, rename(table, aside, theirs)];
}

function rename(table: string, from: string, to: string): Mending {
  const sql = (a: string, b: string) => `alter index ${quoteBeside(table, a)} rename to ${escapeIdentifier(b)}`;
  return { stage, sql: sql(from, to), risk: 'SAFE', lock: 'SHARE UPDATE EXCLUSIVE', undo: sql(to, from) };
}

/** Ours is built again; another one, which serves nobody, goes. */
export function invalidIndex({ table = '', part = {}, object = '' }: Finding, scene: Scene): Mending[] {
  const found = scene.live.relations[table];
  const name = part.theirs ?? object;
  const index = found?.indexes[name];
  if (part.ours !== undefined) {
    const note = index?.unique ? 'It fails while there are duplicates; reads and writes go on.' : undefined;
    return [{ stage, sql: `reindex index concurrently ${quoteBeside(table, name)}`, risk: 'SAFE', lock: 'SHARE UPDATE EXCLUSIVE', estimatedMs: costOf('sort', table, scene), note, needsRows: index?.unique || undefined }];
  }
  if (!found || !index) return [];
  const place = { table, target: quoteTable(table), wanted: found, found, scene };
  return [{ ...removal(place, name), stage: 'leftover', note: 'A build that failed left it behind: no read can use it.' }];
}
