import type { DriftKind } from '../../src/health/driftKind.ts';
import type { DriftEffect } from '../../src/health/health.ts';

/** One change of one object, and what schema health has to say about it. */
export interface Change {
  /** the row of the printed table that it counts in */
  class: string;
  /** what is changed, such as "jobs.status" */
  object: string;
  /** how, such as "rename"; unique for the object */
  change: string;
  /** run in order, in a transaction that is rolled back */
  sql: string[];
  /** null: it means the same as before, and nothing may be said */
  expected: Expectation | null;
  /** false: no comparator of tables and columns could know it (privileges, history, other people's schemas) */
  comparable?: boolean;
}

export interface Expectation {
  /** any of these is right */
  kind: DriftKind | readonly DriftKind[];
  table?: string;
  column?: string;
  object?: string;
  /** it is said to be as urgent as this, or more so */
  atLeast?: DriftEffect;
  /** neither more nor less urgent */
  exactly?: DriftEffect;
  /** kinds of which there may be causes beside it, where the change really is several */
  beside?: readonly DriftKind[];
}

/** Tells changes apart, from one run to the next. */
export function nameOf({ class: row, object, change }: Change): string {
  return `${row}: ${object}: ${change}`;
}
