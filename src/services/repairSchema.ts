import type { RepairRequest } from '../health/repair/choose.ts';
import { outcomeBy, type RepairContext, type RepairOutcome } from './repairContext.ts';

/** How long a request waits for what goes on without it (ms). */
const waitMs = 1_500;

export interface RepairInput extends RepairRequest {
  dryRun: boolean;
}

/**
 * Runs exactly the plan that was read, SAFE steps only unless others are named; without `dryRun` it goes on when the
 * request ends. @throws {UserErrors} STALE, CONFLICT, INVALID: nothing was changed then
 */
export async function repairSchema({ repairs, actor }: RepairContext, { dryRun, planHash, stepIds }: RepairInput): Promise<RepairOutcome> {
  const until = performance.now() + waitMs;
  if (dryRun) {
    const { health, steps } = await repairs.preview(stepIds);
    return { dryRun, executed: [], failed: [], skipped: steps, running: false, health };
  }
  const run = await repairs.repair({ planHash, stepIds, by: actor.name });
  return outcomeBy(until, run, () => repairs.present());
}
