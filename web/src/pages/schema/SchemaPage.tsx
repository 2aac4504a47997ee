import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { useViewer } from '../../api/useViewer.ts';
import { useCommands } from '../../keys/useCommands.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { plural } from '../../parts/format.ts';
import { Loading } from '../../parts/Loading.tsx';
import { Page } from '../../parts/Page.tsx';
import { BlockersPanel } from './BlockersPanel.tsx';
import { DriftPanel } from './DriftPanel.tsx';
import { pendingOf } from './pending.ts';
import { RepairPanel } from './RepairPanel.tsx';
import type { Asked } from './runs.ts';
import classes from './Schema.module.css';
import { SidePanels } from './SidePanels.tsx';
import { useChosenSteps } from './useChosenSteps.ts';
import { useCopySummary } from './useCopySummary.tsx';
import { type Health, useHealth } from './useHealth.ts';
import { Verdict } from './Verdict.tsx';

const RunDialog = lazy(async () => ({ default: (await import('./RunDialog.tsx')).RunDialog }));
const PastPanels = lazy(async () => ({ default: (await import('./PastPanels.tsx')).PastPanels }));

const route = getRouteApi('/schema');

/** The verdict first, then what is wrong by urgency and what mends it, then what is known about the rest. */
export function SchemaPage() {
  const { answer, known, check, checking, failure } = useHealth();
  const copy = useCopySummary(answer.value, known);
  useCommands('Schema health', [{ keys: 'c', label: 'Check now', run: check }]);
  return (
    <Page
      title="Schema health"
      actions={
        <>
          {copy.button}
          <Button loading={checking} onClick={check}>
            Check now
          </Button>
        </>
      }
    >
      {failure && <Failure title="The schema could not be checked again" error={failure} retry={check} />}
      <Answered of={answer} what="the schema's health" rows={8}>
        {(now) => <Report now={now} known={known} />}
      </Answered>
      {copy.dialog}
    </Page>
  );
}

/** `known` is older than `now` when the newest check could read nothing. */
function Report({ now, known }: { now: Health; known: Health | undefined }) {
  const shown = known ?? now;
  const isOld = shown !== now;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useViewer();
  const chosen = useChosenSteps(shown.repairPlan);
  const [asked, setAsked] = useState<Asked | null>(null);
  const opener = useRef<Element>(null);
  const pending = pendingOf(shown);

  function ask(what: Asked) {
    opener.current = document.activeElement;
    setAsked(what);
  }
  function preview() {
    if (!may('ADMIN') || isOld) return;
    if (chosen.ids.length > 0) ask({ kind: 'repair', stepIds: chosen.ids });
    else if (pending.length > 0) ask({ kind: 'migrate' });
  }
  const canPreview = may('ADMIN') && !isOld && (chosen.ids.length > 0 || pending.length > 0);
  useCommands('Schema health', canPreview ? [{ keys: 'p', label: 'Preview the repair', run: preview }] : []);

  return (
    <>
      <Verdict
        now={now}
        known={shown}
        action={
          canPreview && (
            <Button onClick={preview}>
              {chosen.ids.length > 0 ? `Preview the repair: ${plural(chosen.ids.length, 'step')}` : `Preview ${plural(pending.length, 'migration')}`}
            </Button>
          )
        }
      />
      <BlockersPanel now={now} />
      <div className={classes['columns']}>
        <div className={classes['main']}>
          <DriftPanel health={shown} search={search} change={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false })} />
          {shown.repairPlan.length > 0 && <RepairPanel health={shown} chosen={chosen} isOld={isOld} preview={() => ask({ kind: 'repair', stepIds: chosen.ids })} />}
          <Suspense fallback={<Loading what="what happened before" rows={4} />}>
            <PastPanels health={shown} />
          </Suspense>
        </div>
        <div className={classes['side']}>
          <SidePanels health={shown} isOld={isOld} previewMigrations={() => ask({ kind: 'migrate' })} />
        </div>
      </div>
      <Suspense>
        {asked && (
          <RunDialog
            {...asked}
            close={() => {
              setAsked(null);
              // What opened it may be gone with what it mended.
              const before = opener.current?.isConnected && opener.current !== document.body ? opener.current : document.getElementById('content');
              if (before instanceof HTMLElement) before.focus({ preventScroll: true });
            }}
          />
        )}
      </Suspense>
    </>
  );
}
