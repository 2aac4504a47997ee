import { Button } from '@mantine/core';
import { useViewer } from '../../api/useViewer.ts';
import { plural } from '../../parts/format.ts';
import { NotAllowed } from '../../parts/NotAllowed.tsx';
import { Panel } from '../../parts/Page.tsx';
import { placeOf } from './incidents.ts';
import classes from './Schema.module.css';
import { Step } from './Step.tsx';
import { type ChosenSteps, isOffered } from './useChosenSteps.ts';
import type { Health } from './useHealth.ts';

type Props = { health: Health; chosen: ChosenSteps; isOld: boolean; preview: () => void };

/** The statements that would mend the schema, in order; an administrator chooses among them and previews what would run. */
export function RepairPanel({ health: { repairPlan, drift }, chosen, isOld, preview }: Props) {
  const { may } = useViewer();
  const mayRepair = may('ADMIN');
  const ends = new Map(drift.map((one) => [one.id, placeOf(one) || one.id]));
  return (
    <Panel title="Repair plan" aside={plural(repairPlan.length, 'step')}>
      <NotAllowed role="ADMIN" what="repair the schema" />
      <p className={classes['explained']}>
        No step drops a table, a column or a row. SAFE ones add or restore under a short lock and are chosen for you; CAUTION ones are yours to choose;
        DANGEROUS ones are only shown.
      </p>
      <ol className={classes['steps']} aria-label="Steps of the repair plan">
        {repairPlan.map((step, place) => (
          <Step
            key={step.id}
            step={step}
            number={place + 1}
            ends={step.resolves.map((id) => ends.get(id) ?? id)}
            choice={mayRepair && isOffered(step) ? { chosen: chosen.has(step), choose: (is) => chosen.set(step, is) } : undefined}
          />
        ))}
      </ol>
      {mayRepair && (
        <div className={classes['planActions']}>
          <span className={classes['kind']}>{isOld ? 'The database does not answer: there is nothing to run on.' : `${chosen.ids.length} of ${plural(repairPlan.length, 'step')} chosen`}</span>
          <Button disabled={chosen.ids.length === 0 || isOld} onClick={preview}>
            {chosen.ids.length === 0 ? 'Preview' : `Preview ${plural(chosen.ids.length, 'step')}`}
          </Button>
        </div>
      )}
    </Panel>
  );
}
