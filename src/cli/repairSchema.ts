import { OutriderError, UserErrors } from '../domain/errors.ts';
import type { SchemaHealthMonitor } from '../health/health.ts';
import { SchemaRepairs } from '../health/repair/schemaRepairs.ts';
import { CommandError } from './CommandError.ts';
import { formatOutcome, formatPlan, sayProgress } from './repairText.ts';

export interface RepairOptions {
  health: SchemaHealthMonitor;
  /** connects as the role that owns the schema */
  ownerUrl: string;
  /** the hash of the plan that was read */
  apply?: string;
  /** ids of the steps to run; every SAFE one unless told */
  step?: string[];
  json?: boolean;
}

/**
 * Shows the plan, or runs steps of exactly the plan that was read, then checks again. Ctrl+C stops it between two steps,
 * or cancels the statement that runs.
 * @throws {CommandError} when the schema is another by now, another repair runs, or a step failed
 */
export async function repairSchema({ health, ownerUrl, apply, step, json }: RepairOptions): Promise<void> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const log = { info: () => {}, warn: (_fields: object, message: string) => say(message) };
  const repairs = new SchemaRepairs({ health, ownerUrl, log });
  const stop = () => void repairs.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    if (apply === undefined) await show(repairs, step, json);
    else await run(repairs, { planHash: apply, stepIds: step, by: 'cli' }, json, say);
  } catch (error) {
    if (error instanceof UserErrors || error instanceof OutriderError) throw new CommandError(error.message);
    throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

async function show(repairs: SchemaRepairs, stepIds: string[] | undefined, json: boolean | undefined): Promise<void> {
  const { health, steps } = await repairs.preview(stepIds);
  const shown = stepIds ? steps : health.repairPlan;
  print(json, { planHash: health.planHash, repairPlan: shown }, formatPlan({ ...health, repairPlan: shown }));
}

async function run(repairs: SchemaRepairs, request: Parameters<SchemaRepairs['repair']>[0], json: boolean | undefined, say: (line: string) => void): Promise<void> {
  const { progress, settled } = await repairs.repair(request, sayProgress(say));
  const health = await settled;
  print(json, { ...progress, health }, formatOutcome(progress, health));
  const [failure] = progress.failed;
  if (failure) throw new CommandError(`A step failed (${failure.error}) Read the plan again by "outrider schema repair".`);
}

function print(json: boolean | undefined, value: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
}
