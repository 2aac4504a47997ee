import type { ReactNode } from 'react';
import type { DriftFragment, StepFragment } from '../../graphql/graphql.ts';
import { plural, words } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { verdictTone } from '../../parts/verdict.ts';
import { incidents } from './incidents.ts';
import { migrationOf } from './pending.ts';
import { driftChange } from './planChange.ts';
import classes from './Schema.module.css';
import { Step } from './Step.tsx';
import type { Health } from './useHealth.ts';
import type { Outcome } from './runs.ts';

/** The check after a run: what went away, what is left, what came; and what became of each step. */
export function RunResult({ outcome: { executed, failed, skipped, health }, before, what }: { outcome: Outcome; before: Health; what: 'step' | 'migration' }) {
  const { gone, left, added } = driftChange(before.drift, health.drift);
  return (
    <>
      <Notice tone={failed.length > 0 ? 'bad' : verdictTone[health.status]} title={`${words(health.status)}: ${health.summary}`}>
        <p>
          {plural(executed.length, what)} done, {failed.length} failed, {skipped.length} not run. This is the check that was made afterwards.
        </p>
      </Notice>
      <Steps title={`Failed (${failed.length})`} steps={failed} />
      <Steps title={`Not run, because what they rest on was not done (${skipped.length})`} steps={skipped} />
      <Drifts title={`Went away (${gone.length})`} drift={gone} empty="Nothing that differed before went away." />
      <Drifts title={`Came meanwhile (${added.length})`} drift={added} />
      <Drifts title={`Left (${left.length})`} drift={left} empty="Nothing of what differed before is left." />
      <details className={classes['more']}>
        <summary>What ran</summary>
        <Steps title="Done" steps={executed} />
      </details>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className={classes['part']}>{title}</h3>
      {children}
    </section>
  );
}

function Steps({ title, steps }: { title: string; steps: readonly StepFragment[] }) {
  if (steps.length === 0) return null;
  return (
    <Part title={title}>
      <ol className={classes['steps']}>
        {steps.map((step, place) => (
          <Step key={step.id} step={step} number={place + 1} title={migrationOf(step)} />
        ))}
      </ol>
    </Part>
  );
}

function Drifts({ title, drift, empty }: { title: string; drift: readonly DriftFragment[]; empty?: string }) {
  if (drift.length === 0 && !empty) return null;
  return (
    <Part title={title}>
      {drift.length === 0 && <p className={classes['message']}>{empty}</p>}
      <ul className={classes['bullets']}>
        {incidents(drift).map(({ cause, consequences }) => (
          <li key={cause.id}>
            {cause.message}
            {consequences.length > 0 && ` With it: ${plural(consequences.length, 'consequence')}.`}
          </li>
        ))}
      </ul>
    </Part>
  );
}
