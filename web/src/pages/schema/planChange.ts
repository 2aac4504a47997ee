import type { DriftFragment, StepFragment } from '../../graphql/graphql.ts';

/** What a plan has that another has not. */
export interface PlanChange {
  added: StepFragment[];
  gone: StepFragment[];
  /** another statement, risk or lock under the same name */
  changed: StepFragment[];
}

/** How the plan that was read differs from the present one. */
export function planChange(before: readonly StepFragment[], after: readonly StepFragment[]): PlanChange {
  const old = new Map(before.map((step) => [step.id, step]));
  const ids = new Set(after.map(({ id }) => id));
  const differs = (one: StepFragment, other: StepFragment) => one.sql !== other.sql || one.risk !== other.risk || one.lock !== other.lock;
  return {
    added: after.filter(({ id }) => !old.has(id)),
    gone: before.filter(({ id }) => !ids.has(id)),
    changed: after.filter((step) => old.has(step.id) && differs(step, old.get(step.id)!)),
  };
}

/** What became of the differences from one check to a later one. */
export function driftChange(before: readonly DriftFragment[], after: readonly DriftFragment[]) {
  const has = (all: readonly DriftFragment[], { id }: DriftFragment) => all.some((one) => one.id === id);
  return {
    gone: before.filter((one) => !has(after, one)),
    left: after.filter((one) => has(before, one)),
    added: after.filter((one) => !has(before, one)),
  };
}
