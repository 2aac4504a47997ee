import { Button, Code } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { SchemaHealthDocument, type SchemaHealthQuery } from '../../graphql/graphql.ts';
import { Failure } from '../../parts/Failure.tsx';
import { machineTime, words } from '../../parts/format.ts';
import { Loading } from '../../parts/Loading.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { Time } from '../../parts/Time.tsx';
import { verdictTone } from '../../parts/verdict.ts';
import { DatabasePanel } from './DatabasePanel.tsx';
import { DriftPanel } from './DriftPanel.tsx';
import { FeaturePanel } from './FeaturePanel.tsx';
import { incidentSummary } from './incidents.ts';
import { MigrationPanel } from './MigrationPanel.tsx';
import { RepairPanel } from './RepairPanel.tsx';
import classes from './Schema.module.css';
import { UnverifiedPanel } from './UnverifiedPanel.tsx';

type Health = SchemaHealthQuery['schemaHealth'];

/** The verdict first, then what is wrong by urgency, then what is known about the rest. */
export function SchemaPage() {
  const client = useClient();
  const clipboard = useClipboard();
  const [{ data, error, fetching }] = useQuery({ query: SchemaHealthDocument, variables: {} });
  const [check, setCheck] = useState<{ busy: boolean; error?: typeof error }>({ busy: false });
  const good = useRef<Health>(undefined);
  if (data) good.current = data.schemaHealth;
  const health = good.current;

  async function checkNow() {
    setCheck({ busy: true });
    const answer = await client.query(SchemaHealthDocument, { refresh: true }, { requestPolicy: 'network-only' }).toPromise();
    setCheck({ busy: false, error: answer.error });
    if (answer.error) return;
    // The server has the new verdict now: what is on screen asks for it.
    refetch(client, ['SchemaHealth', 'Verdict']);
  }

  const failure = check.error ?? error;
  return (
    <Page
      title="Schema health"
      actions={
        <>
          {health && (
            <Button variant="default" onClick={() => clipboard.copy(incidentSummary(health))}>
              {clipboard.copied ? 'Copied' : 'Copy summary'}
            </Button>
          )}
          <Button loading={check.busy} onClick={() => void checkNow()}>
            Check now
          </Button>
        </>
      }
    >
      {failure && <Failure title="The schema's health could not be read" error={failure} />}
      {failure && health && <p className={classes['stale']}>Below is the last good check, from <Time at={health.checkedAt} />.</p>}
      {!health && fetching && <Loading what="the schema's health" rows={8} />}
      {health && <Verdict health={health} />}
      {health && <DriftPanel health={health} />}
      {health && <UnverifiedPanel health={health} />}
      {health && health.repairPlan.length > 0 && <RepairPanel steps={health.repairPlan} />}
      {health && <FeaturePanel features={health.features} />}
      {health?.migrations && <MigrationPanel history={health.migrations} />}
      {health && <DatabasePanel health={health} />}
    </Page>
  );
}

function Verdict({ health }: { health: Health }) {
  return (
    <div className={classes['verdict']}>
      <Notice tone={verdictTone[health.status]} title={health.summary}>
        <p>
          {words(health.status)} · checked <Time at={health.checkedAt} /> in {machineTime(health.durationMs)} · policy{' '}
          {words(health.policy).toLowerCase()}
        </p>
        {health.error && (
          <p>
            <Code>{health.error}</Code>
          </p>
        )}
      </Notice>
    </div>
  );
}
