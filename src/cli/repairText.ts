import type { RepairStep, SchemaHealthReport } from '../health/health.ts';
import type { RepairObserver, RepairProgress } from '../health/repair/run.ts';

const INDENT = ' '.repeat(5);

/** The plan for a terminal: each step with what it does to others, what it costs, and what takes it back. */
export function formatPlan({ repairPlan, planHash, summary }: SchemaHealthReport): string {
  if (planHash === null || repairPlan.length === 0) return `There is nothing to run. ${summary}\n`;
  const steps = repairPlan.map((step, index) => [`${String(index + 1).padStart(3)}. ${step.risk}  ${step.id}`, ...details(step)].join('\n'));
  const safe = repairPlan.filter(({ risk }) => risk === 'SAFE').length;
  return [
    ...steps,
    '',
    `Run the ${safe} SAFE of these ${repairPlan.length} steps:  outrider schema repair --apply ${planHash}`,
    `Run some of them:  outrider schema repair --apply ${planHash} --step ${quoted(repairPlan[0]?.id ?? '')}`,
    'A DANGEROUS step is never run from here. The hash is good until the schema changes.',
    '',
  ].join('\n');
}

function details({ sql, lock, estimatedMs, note, undo }: RepairStep): string[] {
  return [
    ...`${sql};`.split('\n').map((line) => `${INDENT}${line}`),
    `${INDENT}lock    ${lock}${estimatedMs === null ? '' : `, for ${duration(estimatedMs)}`}`,
    ...(note === null ? [] : [`${INDENT}note    ${note}`]),
    ...(undo === null ? [] : [`${INDENT}undo    ${undo}`]),
  ];
}

export function formatOutcome({ executed, failed, skipped }: RepairProgress, { status, summary }: SchemaHealthReport): string {
  const counts = [`${executed.length} done`, failed.length > 0 && `${failed.length} failed`, skipped.length > 0 && `${skipped.length} skipped`].filter(Boolean);
  return [...failed.map(({ id, error }) => `failed  ${id}: ${error}`), `${counts.join(', ')}. ${status}: ${summary}`, ''].join('\n');
}

/** One line when a step begins, waits or ends. */
export function sayProgress(say: (line: string) => void): RepairObserver {
  return {
    started: ({ sql }, number, of) => say(`[${number}/${of}] ${sql.replaceAll(/\s+/g, ' ')}`),
    waiting: (_step, reason) => say(`${INDENT}waits: ${reason}`),
    ended: ({ error }, durationMs) => say(`${INDENT}${error === null ? `done in ${duration(durationMs)}` : `failed: ${error}`}`),
    skipped: ({ id }) => say(`${INDENT}skipped ${id}, because what it rests on was not done`),
  };
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

function quoted(id: string): string {
  return /[^\w:.-]/.test(id) ? `'${id.replaceAll(`'`, `'\\''`)}'` : id;
}
