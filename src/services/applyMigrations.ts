import { outcomeBy, type RepairContext, type RepairOutcome } from './repairContext.ts';

export interface ApplyMigrationsInput {
  dryRun: boolean;
  /** how long to wait for the end, in ms; it goes on after that. Somewhat less than 2 s unless told */
  waitMs?: number;
}

/** Applies every pending migration. @throws {UserErrors} CONFLICT, SCHEMA_NOT_READY where `repairs.pending` refuses */
export async function applyMigrations({ repairs, actor }: RepairContext, { dryRun, waitMs = 1_500 }: ApplyMigrationsInput): Promise<RepairOutcome> {
  const until = performance.now() + waitMs;
  if (dryRun) {
    const { steps, health } = await repairs.pending();
    return { dryRun, executed: [], failed: [], skipped: steps, running: false, health };
  }
  const run = await repairs.migrate({ by: actor.name });
  return outcomeBy(until, run, () => repairs.present());
}
