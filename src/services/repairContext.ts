import type { SchemaHealthReport } from '../health/health.ts';
import type { RepairProgress, RepairRun } from '../health/repair/run.ts';
import type { SchemaRepairs } from '../health/repair/schemaRepairs.ts';
import type { Actor } from './context.ts';

/** What repairing needs. No entity manager: it has to work when nothing else does. */
export interface RepairContext {
  repairs: SchemaRepairs;
  actor: Actor;
}

/** What became of a repair or of migrations, as far as it went. */
export interface RepairOutcome extends RepairProgress {
  dryRun: boolean;
  /** it goes on, and its end comes as a change of the schema's health */
  running: boolean;
  health: SchemaHealthReport;
}

/** The outcome of a run, waited for until the moment `until` (as performance.now()); the run goes on after that. */
export async function outcomeBy(until: number, { progress, settled }: RepairRun, present: () => Promise<SchemaHealthReport>): Promise<RepairOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, until - performance.now()));
  });
  const ended = await Promise.race([settled, patience]);
  clearTimeout(timer);
  const { executed, failed, skipped } = progress;
  return { dryRun: false, executed: [...executed], failed: [...failed], skipped: [...skipped], running: ended === null, health: ended ?? (await present()) };
}
