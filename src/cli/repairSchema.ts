import type { SchemaHealthMonitor, SchemaHealthReport } from '../health/health.ts';
import { applySteps } from '../health/repair/applySteps.ts';
import { CommandError } from './CommandError.ts';

export interface RepairOptions {
  health: SchemaHealthMonitor;
  /** connects as the role that owns the schema */
  ownerUrl: string;
  /** the hash of the plan that was read */
  apply?: string;
  json?: boolean;
}

/**
 * Shows the plan, or runs the SAFE steps of exactly the plan that was read, then checks again.
 * @throws {CommandError} when the schema is another by now, or a step failed
 */
export async function repairSchema({ health, ownerUrl, apply, json }: RepairOptions): Promise<void> {
  const report = await health.check({ refresh: true });
  if (report.error !== null) throw new CommandError(report.error);
  if (apply === undefined) {
    print(json, { planHash: report.planHash, repairPlan: report.repairPlan }, plan(report));
    return;
  }
  if (apply !== report.planHash) {
    throw new CommandError('The schema or the plan is another than the one you read: run "outrider schema repair" to read it again; nothing was changed.');
  }
  const safe = report.repairPlan.filter(({ risk }) => risk === 'SAFE');
  const outcome = await applySteps(ownerUrl, report.database?.schema ?? 'public', safe, (line) => process.stderr.write(`${line}\n`));
  const after = await health.check({ refresh: true });
  const lines = [`Ran ${outcome.executed.length} of ${safe.length} safe steps. ${after.status}: ${after.summary}`];
  print(json, { ...outcome, health: after }, `${lines.join('\n')}\n`);
  const failure = outcome.failed[0];
  if (failure) throw new CommandError(`A step failed (${failure.error}): remove the cause and run "outrider schema repair" again.`);
}

function plan({ repairPlan, planHash, summary }: SchemaHealthReport): string {
  if (planHash === null) return `There is nothing to run. ${summary}\n`;
  const steps = repairPlan.map(({ risk, lock, note, sql }) => `-- ${risk}, lock: ${lock}${note ? `. ${note}` : ''}\n${sql};`);
  return `${steps.join('\n\n')}\n\n-- To run the SAFE steps: outrider schema repair --apply ${planHash}\n`;
}

function print(json: boolean | undefined, value: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
}
