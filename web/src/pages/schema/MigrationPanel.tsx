import { Button, Code } from '@mantine/core';
import { useViewer } from '../../api/useViewer.ts';
import type { MigrationState } from '../../graphql/graphql.ts';
import { count, machineTime, plural, words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import table from '../../parts/parts.module.css';
import { Time } from '../../parts/Time.tsx';
import { Tone, type ToneName } from '../../parts/Tone.tsx';
import { pendingOf } from './pending.ts';
import classes from './Schema.module.css';
import type { Health } from './useHealth.ts';

type History = NonNullable<Health['migrations']>;

const tones: Record<MigrationState, ToneName> = {
  APPLIED: 'good',
  PENDING: 'warn',
  HALF_APPLIED: 'bad',
  OUT_OF_ORDER: 'warn',
  CHANGED: 'warn',
  DUPLICATE: 'warn',
  UNKNOWN: 'bad',
};

/** Where the database stands, and every migration with what became of it, the newest first; what is pending can be applied. */
export function MigrationPanel({ history, isOld, preview }: { history: History; isOld: boolean; preview: () => void }) {
  const { head, expectedHead, upToDate, migrations } = history;
  const { may } = useViewer();
  const pending = pendingOf({ migrations: history });
  return (
    <Panel title="Migrations" aside={upToDate ? 'Up to date' : 'Not up to date'}>
      {!upToDate && (
        <dl className={table['facts']}>
          <dt>Database</dt>
          <dd className={table['mono']}>{head ?? 'no migration'}</dd>
          <dt>Build</dt>
          <dd className={table['mono']}>{expectedHead}</dd>
        </dl>
      )}
      {pending.length > 0 && (
        <div className={classes['planActions']}>
          {may('ADMIN') ? (
            <Button disabled={isOld} onClick={preview}>
              Preview {plural(pending.length, 'migration')}
            </Button>
          ) : (
            <span className={classes['kind']}>
              An administrator applies {pending.length === 1 ? 'it' : 'them'} here, or by <Code>outrider migrate</Code>.
            </span>
          )}
        </div>
      )}
      <ol className={classes['migrations']} aria-label="Migrations, newest first">
        {migrations.toReversed().map((migration) => (
          <Migration key={migration.name} migration={migration} />
        ))}
      </ol>
    </Panel>
  );
}

function Migration({ migration: { name, state, appliedAt, appliedBy, durationMs, statementsApplied, statementCount } }: { migration: History['migrations'][number] }) {
  return (
    <li>
      <div className={classes['head']}>
        <span className={table['mono']}>{name}</span>
        <Tone tone={tones[state]}>{words(state)}</Tone>
      </div>
      <p className={classes['meta']}>
        {appliedAt && (
          <span>
            <Time at={appliedAt} />
            {appliedBy && (
              <>
                {' '}
                by <bdi>{appliedBy}</bdi>
              </>
            )}
          </span>
        )}
        {statementCount !== null && (
          <span>
            {statementsApplied !== null && statementsApplied !== statementCount ? `${count(statementsApplied)} of ${plural(statementCount, 'statement')}` : plural(statementCount, 'statement')}
          </span>
        )}
        {durationMs !== null && <span>{machineTime(durationMs)}</span>}
      </p>
    </li>
  );
}
