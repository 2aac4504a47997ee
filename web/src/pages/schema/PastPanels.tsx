import { useAnswer } from '../../api/useAnswer.ts';
import { DriftHistoryDocument, RepairsDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural, words } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Page.tsx';
import { Time } from '../../parts/Time.tsx';
import { Tone, type ToneName } from '../../parts/Tone.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { incidents } from './incidents.ts';
import { RecordedSteps } from './RunProgress.tsx';
import classes from './Schema.module.css';
import { Timeline } from './Timeline.tsx';
import { timelineRows } from './timeline.ts';
import type { Health } from './useHealth.ts';
import type { RepairState } from '../../graphql/graphql.ts';

/** What differed when, and what was repaired by whom: as far as the database remembers. */
export function PastPanels({ health }: { health: Health }) {
  return (
    <>
      <DriftHistory health={health} />
      <Repairs />
    </>
  );
}

function DriftHistory({ health }: { health: Health }) {
  const answer = useAnswer(DriftHistoryDocument, {}, ({ schemaDriftHistory }) => schemaDriftHistory);
  useRefresh(true, 10_000, answer.again);
  return (
    <Panel title="When drift came and went" aside="90 days are kept">
      <Answered of={answer} what="the history of drift" rows={3}>
        {({ ended, error }) => {
          const rows = timelineRows(incidents(health.drift), ended ?? []);
          return (
            <>
              {error && (
                <Notice tone="warn" title="What has ended cannot be read now">
                  <p>{error}</p>
                </Notice>
              )}
              {rows.length === 0 && !error && (
                <Empty title="Nothing has differed so far">
                  <p>When something does, this shows from when to when, and who made it.</p>
                </Empty>
              )}
              {rows.length > 0 && <Timeline rows={rows} />}
            </>
          );
        }}
      </Answered>
    </Panel>
  );
}

const tones: Record<RepairState, ToneName> = { RUNNING: 'good', DONE: 'good', FAILED: 'bad' };

function Repairs() {
  const answer = useAnswer(RepairsDocument, { first: 10 }, ({ schemaRepairs }) => schemaRepairs);
  const isRunning = answer.value?.repairs?.some(({ state }) => state === 'RUNNING') ?? false;
  useRefresh(true, isRunning ? 1_500 : 15_000, answer.again);
  return (
    <Panel title="Repairs" aside={answer.value?.repairs?.length ? `the last ${answer.value.repairs.length}` : undefined}>
      <Answered of={answer} what="what was repaired" rows={2}>
        {({ repairs, error }) => (
          <>
            {error && (
              <Notice tone="warn" title="What was repaired cannot be read now">
                <p>{error}</p>
              </Notice>
            )}
            {repairs?.length === 0 && (
              <Empty title="Nothing was repaired so far">
                <p>Repairs and migrations that are applied here, or by a command, stand here with what became of each step.</p>
              </Empty>
            )}
            <ul className={classes['plain']}>
              {repairs?.map((repair) => (
                <li key={repair.id}>
                  <div className={classes['head']}>
                    <Tone tone={tones[repair.state]} moving={repair.state === 'RUNNING'}>
                      {words(repair.state)}
                    </Tone>
                    <span>
                      {repair.action === 'REPAIR' ? 'Repair' : 'Migration'} of {plural(repair.steps.length, 'step')} by <bdi>{repair.requestedBy}</bdi>
                    </span>
                    <span className={classes['since']}>
                      <Time at={repair.startedAt} />
                    </span>
                  </div>
                  {repair.error && <p className={classes['failed']}>{repair.error}</p>}
                  <details className={classes['more']} open={repair.state === 'RUNNING' || undefined}>
                    <summary aria-label={`Steps of the ${words(repair.action).toLowerCase()} by ${repair.requestedBy}, ${repair.startedAt}`}>Steps</summary>
                    <RecordedSteps repair={repair} />
                  </details>
                </li>
              ))}
            </ul>
          </>
        )}
      </Answered>
    </Panel>
  );
}
