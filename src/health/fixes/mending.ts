import type { RepairRisk } from '../report.ts';

/** One statement that mends, before it is tied to the difference that it ends. */
export interface Mending {
  sql: string;
  risk: RepairRisk;
  lock: string;
  note?: string;
  undo?: string;
}
