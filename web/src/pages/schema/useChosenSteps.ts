import { useState } from 'react';
import type { StepFragment } from '../../graphql/graphql.ts';

/** Which steps of the plan are to run: the SAFE ones, and otherwise what a person has decided, whatever the next check says. */
export interface ChosenSteps {
  /** in the order of the plan */
  ids: string[];
  has: (step: StepFragment) => boolean;
  set: (step: StepFragment, chosen: boolean) => void;
}

/** True for what may be run from here at all, if somebody wants it. */
export function isOffered({ risk }: StepFragment): boolean {
  return risk !== 'DANGEROUS';
}

export function useChosenSteps(plan: readonly StepFragment[]): ChosenSteps {
  const [decided, setDecided] = useState<Readonly<Record<string, boolean>>>({});
  // What was decided about a statement holds for that statement only.
  const keyOf = ({ id, risk, sql }: StepFragment) => JSON.stringify([id, risk, sql]);
  const has = (step: StepFragment) => isOffered(step) && (decided[keyOf(step)] ?? step.risk === 'SAFE');
  return {
    ids: plan.filter(has).map(({ id }) => id),
    has,
    set: (step, chosen) => setDecided((before) => ({ ...before, [keyOf(step)]: chosen })),
  };
}
