import { useStore } from '../../api/store.ts';
import type { RepairFragment, RepairStepState } from '../../graphql/graphql.ts';
import { clock } from '../../parts/clock.ts';
import { plural, words } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Time } from '../../parts/Time.tsx';
import { Tone, type ToneName } from '../../parts/Tone.tsx';
import { migrationOf } from './pending.ts';
import classes from './Schema.module.css';
import { Step } from './Step.tsx';

const tones: Record<RepairStepState, ToneName> = { PENDING: 'quiet', RUNNING: 'good', DONE: 'good', FAILED: 'bad', SKIPPED: 'warn' };
const silentMs = 10_000;

/** A run that goes on outside of this page: how far each step is, and who keeps it waiting. */
export function RunProgress({ repair, unreadable }: { repair: RepairFragment | null; unreadable: string | null }) {
  const now = useStore(clock);
  const done = repair?.steps.filter(({ state }) => state === 'DONE').length ?? 0;
  const isSilent = repair?.state === 'RUNNING' && now - new Date(repair.seenAt).getTime() > silentMs;
  return (
    <>
      <p className={classes['explained']} role="status">
        {repair ? `${done} of ${plural(repair.steps.length, 'step')} done. ` : ''}It goes on on the server, also when you leave this page; what the schema is like afterwards is shown here.
      </p>
      {repair?.state === 'RUNNING' && (
        <p className={classes['kind']}>
          Asked for by <bdi>{repair.requestedBy}</bdi>, <Time at={repair.startedAt} />.
        </p>
      )}
      {isSilent && <Notice tone="warn" title="Its process has not been heard of for a while">{<p>It may have died. Check again: a repair that was interrupted is run again in the same way, and goes on where it stopped.</p>}</Notice>}
      {unreadable && <p className={classes['kind']}>Its progress cannot be read yet: {unreadable}</p>}
      {repair && <RecordedSteps repair={repair} />}
    </>
  );
}

/** Each step with what became of it. */
export function RecordedSteps({ repair }: { repair: RepairFragment }) {
  return (
    <ol className={classes['steps']} aria-label="Steps">
      {repair.steps.map(({ step, state, waitingFor }, place) => (
        <Step
          key={step.id}
          step={step}
          number={place + 1}
            title={migrationOf(step)}
          state={
            <>
              {waitingFor && `waits for ${waitingFor} `}
              <Tone tone={tones[state]} moving={state === 'RUNNING'}>
                {words(state)}
              </Tone>
            </>
          }
        />
      ))}
    </ol>
  );
}
