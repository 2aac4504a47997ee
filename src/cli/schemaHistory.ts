import type { MigrationHealth, SchemaDrift, SchemaHealthMonitor, SchemaHealthReport } from '../health/health.ts';
import { applyAdoption, planAdoption } from '../health/history/adopt/adopt.ts';
import { readForeignHistories, type ForeignRows } from '../health/history/mend/readForeign.ts';
import { applyHistoryRepair, planHistoryRepair } from '../health/history/mend/mendHistory.ts';
import type { MendingPlan } from '../health/history/mend/planMend.ts';
import { CommandError } from './CommandError.ts';
import { formatAdoption } from './formatAdoption.ts';

export interface HistoryOptions {
  health: SchemaHealthMonitor;
  /** connects as the role that owns the schema */
  ownerUrl: string;
  repair?: boolean;
  adopt?: boolean;
  /** the hash of the plan that was read */
  apply?: string;
  json?: boolean;
}

const log = (line: string) => process.stderr.write(`${line}\n`);

/**
 * Shows the history of migrations and what is wrong with it; with `repair` the plan that mends it; with `adopt` the plan
 * that takes over what another system made; with `apply` runs exactly the plan that was read.
 * @throws {CommandError} one sentence, whenever something is left to do
 */
export async function schemaHistory(options: HistoryOptions): Promise<void> {
  if (options.repair && options.adopt) throw new CommandError('Say either --repair or --adopt: they are two plans.', 2);
  if (options.apply !== undefined && !options.repair && !options.adopt) throw new CommandError('--apply runs the plan of --repair or of --adopt: say which.', 2);
  if (options.repair) return options.apply === undefined ? showPlan(options) : applyPlan(options, options.apply);
  if (options.adopt) return options.apply === undefined ? showAdoption(options) : adopt(options, options.apply);
  return show(options);
}

async function show({ health, ownerUrl, json }: HistoryOptions): Promise<void> {
  const report = await health.check({ refresh: true });
  const drift = ofHistory(report);
  const foreign = report.error === null ? await readForeignHistories(ownerUrl, drift.flatMap(({ kind, object }) => (kind === 'HISTORY_FOREIGN' && object !== null ? [object] : []))) : [];
  print(json, { migrations: report.migrations, drift, foreign, error: report.error }, formatHistory(report, drift, foreign));
  if (report.error !== null) throw new CommandError(report.error);
  const wrong = drift.filter(({ effect, causedBy }) => effect !== 'NONE' && causedBy === null);
  if (wrong[0] !== undefined) throw new CommandError(wrong[0].message);
  if (report.migrations === null) throw new CommandError('The history could not be read; try again.');
}

async function showPlan({ ownerUrl, json }: HistoryOptions): Promise<void> {
  const plan = await planHistoryRepair(ownerUrl);
  print(json, plan, formatPlan(plan));
  if (plan.planHash !== null) throw new CommandError(`Nothing was changed. To do it, run "outrider schema history --repair --apply ${plan.planHash}".`);
  if (plan.advice[0] !== undefined) throw new CommandError(plan.advice[0]);
}

async function applyPlan({ health, ownerUrl, json }: HistoryOptions, hash: string): Promise<void> {
  const plan = await applyHistoryRepair(ownerUrl, hash, log);
  await report(health, json, { plan }, [`Did ${plan.steps.length} steps.`, ...plan.advice]);
}

async function showAdoption({ ownerUrl, json }: HistoryOptions): Promise<void> {
  const plan = await planAdoption(ownerUrl);
  print(json, plan, formatAdoption(plan));
  if (plan.planHash === null) throw new CommandError(plan.reason ?? 'There is nothing to take over.');
  throw new CommandError(`Nothing was changed. To do it, run "outrider schema history --adopt --apply ${plan.planHash}".`);
}

async function adopt({ health, ownerUrl, json }: HistoryOptions, hash: string): Promise<void> {
  const plan = await applyAdoption(ownerUrl, hash, log);
  await report(health, json, { plan }, [formatAdoption({ ...plan, planHash: null })]);
}

/** The check is part of the answer. */
async function report(health: SchemaHealthMonitor, json: boolean | undefined, value: object, lines: string[]): Promise<void> {
  const after = await health.check({ refresh: true });
  print(json, { ...value, health: after }, `${[...lines, `${after.status}: ${after.summary}`].join('\n')}\n`);
}

function ofHistory({ drift }: SchemaHealthReport): SchemaDrift[] {
  return drift.filter(({ kind }) => kind.startsWith('MIGRATION_') || kind.startsWith('HISTORY_'));
}

function formatHistory({ migrations }: SchemaHealthReport, drift: readonly SchemaDrift[], foreign: readonly ForeignRows[]): string {
  const rows = migrations?.migrations.map(line) ?? [];
  const width = (index: number) => Math.max(...rows.map((row) => row[index]?.length ?? 0));
  const table = rows.map((row) => row.map((cell, index) => cell.padEnd(width(index))).join('  ').trimEnd());
  const wrong = drift.filter(({ causedBy }) => causedBy === null).map(({ kind, message }) => `${kind}  ${message}`);
  const others = foreign.flatMap(({ table: name, rows: found }) => ['', `${name}, ${found.length} row${found.length === 1 ? '' : 's'}:`, ...found.map((row) => `  ${JSON.stringify(row)}`)]);
  return `${[...table, ...others, ...(wrong.length > 0 ? ['', ...wrong] : [])].join('\n')}\n`;
}

function line({ name, state, appliedAt, appliedBy, durationMs, statementsApplied, statementCount }: MigrationHealth): string[] {
  const progress = statementsApplied === null ? `${statementCount ?? '?'} statements` : `${statementsApplied} of ${statementCount ?? '?'} statements`;
  return [state, name, appliedAt?.toISOString() ?? '-', appliedBy ?? '-', durationMs === null ? '-' : `${durationMs} ms`, progress];
}

function formatPlan({ steps, advice, planHash }: MendingPlan): string {
  if (planHash === null && advice.length === 0) return 'There is nothing to mend.\n';
  const texts = steps.map(({ does, why, sql }) => [`-- ${does}: ${why}`, ...shortened(sql)].join('\n'));
  const run = planHash === null ? [] : [`-- To run it, as a whole or not at all: outrider schema history --repair --apply ${planHash}`];
  return `${[...texts, ...advice.map((text) => `-- ${text}`), ...run].join('\n\n')}\n`;
}

/** A migration that is applied is not printed whole. */
function shortened(sql: readonly string[]): string[] {
  return sql.length > 12 ? [...sql.slice(0, 3).map((text) => `${text};`), `-- … ${sql.length - 3} more statements; --json has them all`] : sql.map((text) => `${text};`);
}

function print(json: boolean | undefined, value: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
}
