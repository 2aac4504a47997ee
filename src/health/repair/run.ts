import type { RepairStep, SchemaHealthReport } from '../report.ts';

/** What became of each step so far; every step stands in one of the lists in the end. */
export interface RepairProgress {
  executed: RepairStep[];
  failed: RepairStep[];
  skipped: RepairStep[];
}

/** One repair or migration. It goes on whatever becomes of the request that asked for it. */
export interface RepairRun {
  readonly progress: RepairProgress;
  /** resolves, never rejects, with the schema as it is afterwards */
  readonly settled: Promise<SchemaHealthReport>;
}

/** Follows a run, step by step. */
export interface RepairObserver {
  started?(step: RepairStep, number: number, of: number): void;
  /** it cannot go on yet: a lock, or an older transaction */
  waiting?(step: RepairStep, reason: string): void;
  ended?(step: RepairStep, durationMs: number): void;
  skipped?(step: RepairStep): void;
}
