import { createHash } from 'node:crypto';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { version } from '../../../config/version.ts';
import { historyTableSql } from '../../../migrate/history.ts';
import type { MigrationFile } from '../../../migrate/migrations.ts';
import { KEPT_SCHEMA } from '../../../migrate/refusals.ts';
import type { HistoryRecord, LiveCatalog } from '../../liveCatalog.ts';
import { HISTORY_TABLE } from '../../readCatalog.ts';
import { foreignHistories } from '../foreign.ts';
import { dateOf, malformation } from '../malformed.ts';
import { makeKeptSchema } from '../keptSchema.ts';
import { decide, isFinished, type Decisions, type FinalRow, type MendingAction } from './decide.ts';
import type { Histories } from './readHistories.ts';

export interface MendingStep {
  /** what is done, in the operator's words */
  does: string;
  why: string;
  sql: string[];
}

/** How a history would be mended. It runs as a whole or not at all. */
export interface MendingPlan {
  steps: MendingStep[];
  /** what a person has to do first, afterwards or instead */
  advice: string[];
  /** names exactly this plan on exactly this schema and history; null when there is nothing to run */
  planHash: string | null;
}

/** From the effects that are really present; what was in the history before is kept in the schema outrider_kept. */
export function planMend(histories: Histories, migrations: readonly MigrationFile[]): MendingPlan {
  const { reading, expected, others, state } = histories;
  const { catalog, history } = reading;
  if ('error' in history) return { steps: [], advice: [`The history cannot be read (${history.error}): run this as the role that owns it (DATABASE_OWNER_URL).`], planHash: null };
  if (foreignHistories(catalog).some(({ table }) => table === HISTORY_TABLE)) {
    return { steps: [], advice: [`${HISTORY_TABLE} is the history of another tool: run "outrider schema history --adopt".`], planHash: null };
  }
  const own = 'rows' in history ? history.rows : [];
  const decisions = decide(histories, own, migrations);
  const kept = `${HISTORY_TABLE}_${createHash('sha256').update(state).digest('hex').slice(0, 8)}`;
  const steps = [...ofDecisions(decisions), ...ofMigrations(decisions, migrations)];
  const rebuild = needsRebuild(histories, own, decisions);
  if (rebuild !== null) steps.push(...rebuilt(decisions, kept, histories, rebuild));
  else if (steps.length > 0) steps.unshift(...(loses(own, decisions) ? [keep(kept)] : []), ...corrected(own, decisions));
  steps.push(...others.map(({ schema }) => setAside(schema, `${kept}_${schema}`)));
  const planHash = createHash('sha256').update(JSON.stringify([state, expected.digest, steps])).digest('hex').slice(0, 32);
  return { steps, advice: decisions.advice, planHash: steps.length > 0 ? planHash : null };
}

const words: Record<string, string> = {
  stamp: 'stamp',
  finish: 'mark as finished',
  retext: 'record the present text of',
  rename: 'give its name back to',
  deduplicate: 'leave one row of',
  apply: 'apply',
  complete: 'complete',
  aside: 'set aside',
};

/** What is decided, in words; the statements that do it come at the end, together. */
function ofDecisions({ decisions }: Decisions): MendingStep[] {
  return decisions.filter(({ action }) => !isExecuted(action)).map(({ action, name, why }) => ({ does: `${words[action]} ${name}`, why, sql: [] }));
}

function ofMigrations({ decisions }: Decisions, migrations: readonly MigrationFile[]): MendingStep[] {
  return decisions
    .filter(({ action }) => isExecuted(action))
    .map(({ action, name, why, statements }) => ({ does: `${words[action]} ${name}`, why, sql: [...(statements ?? migrations.find((migration) => migration.name === name)?.statements ?? [])] }));
}

function isExecuted(action: MendingAction): boolean {
  return action === 'apply' || action === 'complete';
}

/** Why single rows cannot be corrected in the table as it stands; null when they can. */
function needsRebuild({ expected, reading: { catalog, history }, structure }: Histories, own: readonly HistoryRecord[], { decisions, rows }: Decisions): string | null {
  const live = catalog.relations[HISTORY_TABLE];
  if (live === undefined || 'missing' in history) {
    return rows.length > 0 ? 'it is missing' : null;
  }
  if (decisions.some(({ action }) => action === 'deduplicate')) return 'it let one migration stand there twice';
  const form = malformation(expected.relations[HISTORY_TABLE], live, own);
  if (form !== null) return form.problems.join(', ');
  const damage = structure.find(({ table, effect, kind }) => table === HISTORY_TABLE && effect !== 'NONE' && ['PRIMARY_KEY', 'COLUMN_NULLABILITY', 'RELATION_KIND', 'INVALID_INDEX'].includes(kind));
  return damage === undefined ? null : damage.message;
}

/** Whether a row that is there is written anew or goes: new rows beside it lose nothing. */
function loses(own: readonly HistoryRecord[], { rows, decisions }: Decisions): boolean {
  const written = new Set(rows.filter(({ changed }) => changed).map(({ migration }) => migration.name));
  return own.some(({ name }) => written.has(String(name))) || decisions.some(({ action }) => action !== 'stamp' && !isExecuted(action));
}

function keep(name: string): MendingStep {
  const target = `${KEPT_SCHEMA}.${escapeIdentifier(name)}`;
  return { does: `keep a copy in ${KEPT_SCHEMA}.${name}`, why: 'nothing is lost', sql: [makeKeptSchema, `create table ${target} as table ${HISTORY_TABLE}`] };
}

function corrected(own: readonly HistoryRecord[], { rows, decisions }: Decisions): MendingStep[] {
  const changed = rows.filter((row) => row.changed);
  const aside = decisions.filter(({ action }) => action === 'aside').map(({ name }) => name);
  const renamed = changed.flatMap(({ migration, from }) => (from === null || from['name'] === migration.name ? [] : [String(from['name'])]));
  const gone = [...new Set([...aside, ...renamed, ...changed.map(({ migration }) => migration.name)])].filter((name) => own.some((row) => row['name'] === name));
  const sql = gone.length === 0 ? [] : [`delete from ${HISTORY_TABLE} where name in (${gone.map((name) => escapeLiteral(name)).join(', ')})`];
  return [{ does: `write ${changed.length} row${changed.length === 1 ? '' : 's'} of ${HISTORY_TABLE}`, why: 'as listed below', sql: [...sql, ...insertion(changed)] }];
}

function rebuilt({ rows, unknown }: Decisions, kept: string, { reading: { catalog }, readers }: Histories, why: string): MendingStep[] {
  const steps: MendingStep[] = [];
  const live = catalog.relations[HISTORY_TABLE];
  if (live !== undefined) steps.push(moveAside(catalog, kept));
  steps.push({
    does: `build ${HISTORY_TABLE} with ${rows.length + unknown.length} rows`,
    why,
    sql: [historyTableSql(), ...insertion(rows), ...insertionOf(unknown.map((row) => valuesOf(String(row['name']), String(row['checksum']), row, Number(row['statement_count']) || 0))), ...readers.map((role) => `grant select on ${HISTORY_TABLE} to ${role}`)],
  });
  return steps;
}

function moveAside({ relations }: LiveCatalog, name: string): MendingStep {
  const kind = { v: 'view', m: 'materialized view', f: 'foreign table' }[relations[HISTORY_TABLE]?.kind ?? 'r'] ?? 'table';
  return {
    does: `move the present ${HISTORY_TABLE} to ${KEPT_SCHEMA}.${name}`,
    why: 'nothing is lost',
    sql: [makeKeptSchema, `alter ${kind} ${HISTORY_TABLE} rename to ${escapeIdentifier(name)}`, `alter ${kind} ${escapeIdentifier(name)} set schema ${KEPT_SCHEMA}`],
  };
}

function setAside(schema: string, name: string): MendingStep {
  const from = escapeIdentifier(schema);
  return {
    does: `move ${schema}.${HISTORY_TABLE} to ${KEPT_SCHEMA}.${name}`,
    why: 'a role whose search_path leads there would migrate by it',
    sql: [makeKeptSchema, `alter table ${from}.${HISTORY_TABLE} rename to ${escapeIdentifier(name)}`, `alter table ${from}.${escapeIdentifier(name)} set schema ${KEPT_SCHEMA}`],
  };
}

function insertion(rows: Decisions['rows']): string[] {
  return insertionOf(rows.map(valuesOfFinal));
}

function insertionOf(rows: string[]): string[] {
  if (rows.length === 0) return [];
  return [`insert into ${HISTORY_TABLE} (name, checksum, applied_at, applied_by, duration_ms, statements_applied, statement_count, outrider_version, finished)\nvalues ${rows.join(',\n  ')}`];
}

/** A text that was changed and is not proved stays as it was recorded. */
function valuesOfFinal({ migration: { name, checksum, statements }, from, retext, finish }: FinalRow): string {
  const recorded = typeof from?.['checksum'] === 'string' ? from['checksum'] : '';
  const row = finish ? { ...from, statements_applied: statements, statement_count: statements, finished: true } : from;
  return valuesOf(name, retext ? checksum : recorded, row, statements);
}

function valuesOf(name: string, checksum: string, row: HistoryRecord | null, statements: number): string {
  const { applied_at: at, applied_by: by, duration_ms: duration, statements_applied: applied, outrider_version: by_version } = row ?? {};
  const number = (value: unknown, fallback: number) => (typeof value === 'number' && value >= 0 ? Math.round(value) : fallback);
  const done = Math.min(number(applied, statements), statements);
  return `(${[
    escapeLiteral(name),
    escapeLiteral(checksum),
    dateOf(at) === null ? 'now()' : escapeLiteral(String(at)),
    escapeLiteral(typeof by === 'string' ? by : 'outrider schema history'),
    number(duration, 0),
    done,
    statements,
    escapeLiteral(typeof by_version === 'string' ? by_version : version),
    row === null || isFinished({ ...row, statements_applied: done, statement_count: statements }),
  ].join(', ')})`;
}
