import type { MigrationFile } from '../../../migrate/migrations.ts';
import type { HistoryRecord } from '../../liveCatalog.ts';
import type { ExpectedMigration } from '../../expectedCatalog.ts';
import { severityOf } from '../../finding.ts';
import { HISTORY_TABLE } from '../../readCatalog.ts';
import { isAbsent, isWhole, type Effect } from '../effects.ts';
import { looksOurs } from '../looksOurs.ts';
import { dateOf, isNameless } from '../malformed.ts';
import { completionOf } from './completion.ts';
import type { Histories } from './readHistories.ts';

/** stamp: a row is made; finish, retext, rename: a row is corrected; apply, complete: the migration runs, or the rest of it; aside: rows are only kept beside */
export type MendingAction = 'stamp' | 'finish' | 'retext' | 'rename' | 'deduplicate' | 'apply' | 'complete' | 'aside';

export interface Decision {
  action: MendingAction;
  /** of the migration, or what stands in the row */
  name: string;
  why: string;
  /** what is executed */
  statements?: readonly string[];
}

export interface FinalRow {
  migration: ExpectedMigration;
  /** whose date and author it has; null for a new one */
  from: HistoryRecord | null;
  /** it is to be written */
  changed: boolean;
  /** it gets the present text's checksum */
  retext: boolean;
  /** it says that every statement was executed */
  finish: boolean;
}

/** What the history shall say, and why; nothing is decided that the effects which are really present do not prove. */
export interface Decisions {
  decisions: Decision[];
  /** one a migration, in order */
  rows: FinalRow[];
  /** rows that stay although this build does not know them, as they are */
  unknown: HistoryRecord[];
  /** what a person has to do first or instead */
  advice: string[];
}

export function decide(histories: Histories, own: readonly HistoryRecord[], migrations: readonly MigrationFile[]): Decisions {
  const { expected, others } = histories;
  const result: Decisions = { decisions: [], rows: [], unknown: [], advice: [] };
  const left = new Set(own);
  const take = (migration: ExpectedMigration) => {
    const known = new Set(expected.migrations.map(({ name }) => name));
    const rows = [...left].filter((row) => row['name'] === migration.name || (row['checksum'] === migration.checksum && !known.has(String(row['name']))));
    rows.forEach((row) => left.delete(row));
    return rows.sort((a, b) => worth(b, migration) - worth(a, migration));
  };
  const taken = expected.migrations.map((migration) => ({ migration, rows: take(migration) }));
  const last = taken.findLastIndex(({ migration: { name }, rows }) => rows.length > 0 || isWhole(effectOf(histories, name)));
  for (const [index, { migration, rows }] of taken.entries()) {
    const elsewhere = others.flatMap((other) => other.rows).find(({ checksum }) => checksum === migration.checksum);
    const [best] = rows;
    const text = migrations.find(({ name }) => name === migration.name);
    if (best === undefined) decideMissing(histories, { migration, text, overtaken: index < last }, elsewhere ?? null, result);
    else decideRecorded(histories, { migration, text, overtaken: index < last }, best, rows, result);
  }
  decideUnknown(histories, [...left], result);
  return result;
}

function effectOf({ effects }: Histories, name: string): Effect {
  return effects.get(name) ?? { parts: [], present: [], gone: [] };
}

interface Subject {
  migration: ExpectedMigration;
  /** undefined where this build has only its name */
  text: MigrationFile | undefined;
  /** a later one is recorded, or all that it makes is there */
  overtaken: boolean;
}

function decideMissing(histories: Histories, { migration, text, overtaken }: Subject, elsewhere: HistoryRecord | null, { decisions, rows, advice }: Decisions): void {
  const { name, statements } = migration;
  const effect = effectOf(histories, name);
  const completion = looksOurs(histories) && effect.present.length > 0 && text ? completionOf(text, null, histories) : null;
  if (isWhole(effect) && looksOurs(histories)) {
    decisions.push({ action: 'stamp', name, why: `all ${effect.parts.length} objects that it makes are there` });
    rows.push({ migration, from: elsewhere, changed: true, retext: true, finish: true });
  } else if (effect.present.length > 0 && overtaken && looksOurs(histories)) {
    decisions.push({ action: 'stamp', name, why: `${ofParts(effect)}, and a later migration was applied, which none is before it: ${lostSince}` });
    rows.push({ migration, from: elsewhere, changed: true, retext: true, finish: true });
  } else if (completion !== null) {
    decisions.push({ action: 'complete', name, statements: completion.statements, why: `${ofParts(effect)}: what is left is executed, ${ofStatements(completion.statements.length, statements)}` });
    rows.push({ migration, from: null, changed: true, retext: true, finish: true });
  } else if (effect.present.length > 0) {
    advice.push(!looksOurs(histories)
      ? `${name}: tables of these names are there, but they are not as Outrider makes them: run "outrider schema history --adopt".`
      : `${name}: ${effect.present.length} of the ${effect.parts.length} objects that it makes are there, so it can be neither stamped nor applied: run "outrider schema repair", which makes the others, then this again.`);
  } else if (overtaken) {
    decisions.push({ action: 'apply', name, why: 'a later migration was applied, and nothing that it makes is there' });
    rows.push({ migration, from: null, changed: true, retext: true, finish: true });
  } else {
    advice.push(`${name}: nothing that it makes is there: run "outrider migrate"${decisions.length > 0 ? ' afterwards' : ''}.`);
  }
}

function decideRecorded(histories: Histories, { migration, text, overtaken }: Subject, best: HistoryRecord, rows: readonly HistoryRecord[], result: Decisions): void {
  const { name } = migration;
  const effect = effectOf(histories, name);
  const { decisions, advice } = result;
  const before = decisions.length;
  if (rows.length > 1) decisions.push({ action: 'deduplicate', name, why: `it stands there ${rows.length} times; the row that is finished, of this text and oldest stays` });
  if (best['name'] !== name) decisions.push({ action: 'rename', name, why: `its text stands there under ${isNameless(best) ? 'no name' : `the name ${String(best['name'])}`}` });
  if (isAbsent(effect, histories.expected)) {
    if (effect.present.length === 0) {
      decisions.push({ action: 'apply', name, why: `nothing of the ${effect.parts.length} objects that it makes is there` });
      result.rows.push({ migration, from: null, changed: true, retext: true, finish: true });
      return;
    }
    if (isFinished(best)) advice.push(`${name}: ${effect.gone.length} of the ${effect.parts.length} objects that it makes are gone: run "outrider schema repair", which makes them again.`);
  }
  if (best['checksum'] !== migration.checksum) {
    if (isWhole(effect) && isClean(histories, name)) decisions.push({ action: 'retext', name, why: 'its text was changed after it was applied, but the schema is as its present text makes it' });
    else advice.push(`${name}: its text was changed after it was applied, and the schema is not as its present text makes it: run the version that applied it, or "outrider schema repair" and then this again.`);
  }
  if (!isFinished(best)) {
    const completion = text && looksOurs(histories) ? completionOf(text, typeof best['statements_applied'] === 'number' ? best['statements_applied'] : 0, histories) : null;
    if (isWhole(effect)) decisions.push({ action: 'finish', name, why: `all ${effect.parts.length} objects that it makes are there` });
    else if (overtaken) decisions.push({ action: 'finish', name, why: `a later migration was applied, which none is before it: ${lostSince}` });
    else if (completion !== null && !completion.isLeftToMigrate) {
      decisions.push({ action: 'complete', name, statements: completion.statements, why: `${ofParts(effect)}, which are not those of the statements that its row counts: what is left is executed, ${ofStatements(completion.statements.length, migration.statements)}` });
    } else advice.push(`${name}: it stopped half way: run "outrider migrate", which goes on from there.`);
  }
  const own = decisions.slice(before).map(({ action }) => action);
  result.rows.push({ migration, from: best, changed: own.length > 0, retext: own.includes('retext'), finish: own.includes('finish') || own.includes('complete') });
}

const lostSince = 'the check shows what was lost since, and "outrider schema repair" makes it again';

function ofParts({ parts, present }: Effect): string {
  return `${present.length} of the ${parts.length} objects that it makes are there`;
}

function ofStatements(left: number, all: number): string {
  return `${left} of its ${all} statements`;
}

function decideUnknown(histories: Histories, left: readonly HistoryRecord[], { decisions, unknown, advice }: Decisions): void {
  const lastKnown = histories.expected.migrations.at(-1)?.name ?? '';
  const complete = histories.expected.migrations.every(({ name }) => isWhole(effectOf(histories, name)) && isClean(histories, name));
  for (const row of left) {
    const name = isNameless(row) ? 'a row without a name' : String(row['name']);
    if (isNameless(row)) decisions.push({ action: 'aside', name, why: 'it names no migration, and its text is none of this version' });
    else if (complete && name < lastKnown) decisions.push({ action: 'aside', name, why: 'this version does not know it, and all that this version needs is there' });
    else if (complete) {
      // Without its row the version that applied it would apply it a second time.
      unknown.push(row);
      advice.push(`${name}: a later version applied it, so its row stays: run that version, or a later one. Delete the row by hand only where no version that knows it will come.`);
    } else {
      unknown.push(row);
      advice.push(`${name}: this version does not know it, and the schema is not as this version needs it: run the version that applied it, or a later one.`);
    }
  }
}

/** Rather of this text, finished, and of a known date; among equals the first. */
function worth(row: HistoryRecord, { name, checksum }: ExpectedMigration): number {
  return (row['checksum'] === checksum ? 8 : 0) + (isFinished(row) ? 4 : 0) + (row['name'] === name ? 2 : 0) + (dateOf(row['applied_at']) === null ? 0 : 1 - (dateOf(row['applied_at'])?.getTime() ?? 0) / 1e15);
}

export function isFinished({ finished, statements_applied: applied, statement_count: count }: HistoryRecord): boolean {
  return finished !== false && !(typeof applied === 'number' && typeof count === 'number' && applied !== count);
}

/** Whether nothing of what the migration made stops an operation. */
function isClean({ expected: { origins }, structure }: Histories, migration: string): boolean {
  const stopping = structure.filter((finding) => finding.table !== HISTORY_TABLE && finding.kind !== 'PRIVILEGE' && severityOf(finding) === 'BREAKING');
  return !stopping.some(({ lost = '', table = '' }) => (origins[lost] ?? origins[table]) === migration);
}
