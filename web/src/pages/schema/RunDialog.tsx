import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { FormActions } from '../../parts/Field.tsx';
import { plural } from '../../parts/format.ts';
import { Loading } from '../../parts/Loading.tsx';
import { UserErrors } from '../../parts/UserErrors.tsx';
import { PlanChanged } from './PlanChanged.tsx';
import { RunPreview } from './RunPreview.tsx';
import { RunProgress } from './RunProgress.tsx';
import { RunResult } from './RunResult.tsx';
import classes from './Schema.module.css';
import type { Asked, Refusal as Refused, Stage } from './runs.ts';
import { useRun } from './useRun.ts';

type Props = Asked & { close: () => void };

/** From reading what would run, over running exactly that, to the check afterwards. */
export function RunDialog({ close, ...asked }: Props) {
  const { stage, read, apply } = useRun(asked);
  const what = asked.kind === 'repair' ? 'step' : 'migration';
  const part = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone with its stage: the keyboard goes on where the next one begins.
  useEffect(() => {
    if (stage.at === 'reading') return;
    part.current?.focus({ preventScroll: true });
    part.current?.closest('dialog')?.scrollTo({ top: 0 });
  }, [stage.at]);
  return (
    <Dialog title={titleOf(stage, asked)} opened close={close} wide>
      <div ref={part} tabIndex={-1} className={classes['stage']} role="group" aria-label={titleOf(stage, asked)}>
        {stage.at === 'reading' && <Loading what="what would run" rows={5} />}
        {stage.at === 'refused' && <Refusal {...stage.refusal} />}
        {(stage.at === 'preview' || stage.at === 'applying') && <RunPreview preview={stage.preview} asked={asked} />}
        {stage.at === 'preview' && stage.refusal && <Refusal {...stage.refusal} />}
        {stage.at === 'changed' && <PlanChanged before={stage.preview} now={stage.now} />}
        {stage.at === 'running' && <RunProgress repair={stage.repair} unreadable={stage.unreadable} />}
        {stage.at === 'ended' && <RunResult outcome={stage.outcome} before={stage.preview.health} what={what} />}
      </div>
      <div className={classes['dialogActions']}>
        <FormActions>
          <Button variant="default" onClick={close}>
            {stage.at === 'preview' || stage.at === 'changed' || stage.at === 'refused' ? 'Cancel' : 'Close'}
          </Button>
          {stage.at === 'refused' && <Button onClick={read}>Read it again</Button>}
          {stage.at === 'changed' && <Button onClick={read}>Preview the new plan</Button>}
          {(stage.at === 'preview' || stage.at === 'applying') && (
            <Button loading={stage.at === 'applying'} disabled={stage.preview.steps.length === 0} onClick={apply}>
              Apply exactly {stage.preview.steps.length === 1 ? `this ${what}` : `these ${plural(stage.preview.steps.length, what)}`}
            </Button>
          )}
        </FormActions>
      </div>
    </Dialog>
  );
}

function titleOf(stage: Stage, { kind }: Asked): string {
  const what = kind === 'repair' ? 'repair' : 'migration';
  switch (stage.at) {
    case 'running':
      return `The ${what} goes on`;
    case 'ended':
      return `After the ${what}`;
    case 'changed':
      return 'The plan changed';
    default:
      return `Preview of the ${what}`;
  }
}

function Refusal({ error, userErrors }: Refused) {
  return (
    <>
      <UserErrors errors={userErrors} title="Nothing was applied" />
      {error && (
        <Failure title="The server did not answer this" error={error}>
          <p>If it was asked to apply something, whether that has begun is not known: look under Repairs before you ask again.</p>
        </Failure>
      )}
    </>
  );
}
