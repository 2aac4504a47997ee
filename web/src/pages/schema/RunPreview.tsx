import { Code } from '@mantine/core';
import { plural } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { placeOf } from './incidents.ts';
import { migrationOf } from './pending.ts';
import classes from './Schema.module.css';
import { Step } from './Step.tsx';
import type { Asked, Preview } from './runs.ts';

/** Exactly the statements that would run, in their order; nothing has been changed. */
export function RunPreview({ preview: { steps, health }, asked: { kind } }: { preview: Preview; asked: Asked }) {
  const ends = new Map(health.drift.map((one) => [one.id, placeOf(one) || one.id]));
  const careful = steps.filter(({ risk }) => risk !== 'SAFE').length;
  const others = kind === 'repair' ? health.repairPlan.length - steps.length : 0;
  return (
    <>
      <p className={classes['explained']}>
        {steps.length === 0 ? 'There is nothing left to run.' : `Nothing has been changed yet. ${kind === 'repair' ? 'These statements run one by one, in this order, each by itself; what rests on one that fails is skipped.' : 'These migrations are applied in this order, under the lock that lets only one process migrate.'}`}
        {others > 0 && ` ${plural(others, 'other step')} of the plan will not run.`}
      </p>
      {kind === 'repair' && careful > 0 && <Notice tone="warn" title={`${plural(careful, 'step')} of these may hold a lock or scan a large table`} />}
      <ol className={classes['steps']} aria-label="What will run">
        {steps.map((step, place) => (
          <Step key={step.id} step={step} number={place + 1} title={migrationOf(step)} ends={kind === 'repair' ? step.resolves.map((id) => ends.get(id) ?? id) : []} />
        ))}
      </ol>
      {kind === 'repair' && health.planHash && (
        <p className={classes['kind']}>
          Bound to plan <Code>{health.planHash}</Code>: if the schema moves before you apply, nothing runs.
        </p>
      )}
    </>
  );
}
