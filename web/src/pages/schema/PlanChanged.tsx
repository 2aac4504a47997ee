import type { StepFragment } from '../../graphql/graphql.ts';
import { Notice } from '../../parts/Notice.tsx';
import { planChange } from './planChange.ts';
import classes from './Schema.module.css';
import { Step } from './Step.tsx';
import type { Health } from './useHealth.ts';
import type { Preview } from './runs.ts';

/** The schema moved after the plan was read: what the plan is now, and what is different about it. */
export function PlanChanged({ before, now }: { before: Preview; now: Health }) {
  const { added, gone, changed } = planChange(before.health.repairPlan, now.repairPlan);
  const same = added.length + gone.length + changed.length === 0;
  return (
    <>
      <Notice tone="warn" title="The plan changed. Nothing was applied">
        <p>The schema moved after you read the plan. {same && 'The statements are the same, but the schema that they were made for is another.'}</p>
        <p>{now.summary}</p>
      </Notice>
      <Part title="New in the plan" steps={added} />
      <Part title="Other than you read it" steps={changed} />
      <Part title="Not in the plan any more" steps={gone} />
      <Part title={now.repairPlan.length === 0 ? 'The plan is empty now' : 'The plan as it is now'} steps={now.repairPlan} always />
    </>
  );
}

function Part({ title, steps, always = false }: { title: string; steps: readonly StepFragment[]; always?: boolean }) {
  if (steps.length === 0 && !always) return null;
  return (
    <section aria-label={title}>
      <h3 className={classes['part']}>{title}</h3>
      <ol className={classes['steps']}>
        {steps.map((step, place) => (
          <Step key={step.id} step={step} number={place + 1} />
        ))}
      </ol>
    </section>
  );
}
