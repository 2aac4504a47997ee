import { Code } from '@mantine/core';
import type { MigrationState, SchemaHealthQuery } from '../../graphql/graphql.ts';
import { count, machineTime, plural, words } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Page.tsx';
import table from '../../parts/parts.module.css';
import { Time } from '../../parts/Time.tsx';
import { Tone } from '../../parts/Tone.tsx';
import { Scroll } from '../../parts/Scroll.tsx';
import classes from './Schema.module.css';

type History = NonNullable<SchemaHealthQuery['schemaHealth']['migrations']>;

const fine: readonly MigrationState[] = ['APPLIED'];

/** The head, the expected head, and every migration with what became of it; the ones that need a person first. */
export function MigrationPanel({ history }: { history: History }) {
  const { head, expectedHead, upToDate, migrations } = history;
  const open = migrations.filter(({ state }) => !fine.includes(state));
  const applied = migrations.filter(({ state }) => fine.includes(state));
  return (
    <Panel title="Migrations" aside={upToDate ? 'Up to date' : 'Not up to date'}>
      <dl className={table['facts']}>
        <dt>Head</dt>
        <dd className={table['mono']}>{head ?? 'none'}</dd>
        <dt>Expected</dt>
        <dd className={table['mono']}>{expectedHead}</dd>
      </dl>
      {open.some(({ state }) => state === 'PENDING') && (
        <div className={classes['advice']}>
          <Notice tone="warn" title="Migrations are pending">
            <p>
              Apply them with <Code>outrider migrate</Code>.
            </p>
          </Notice>
        </div>
      )}
      {open.length > 0 && <Table migrations={open} />}
      {applied.length > 0 && (
        <details className={classes['applied']}>
          <summary>{plural(applied.length, 'applied migration')}</summary>
          <Table migrations={applied.toReversed()} />
        </details>
      )}
    </Panel>
  );
}

function Table({ migrations }: { migrations: History['migrations'] }) {
  return (
    <Scroll label="Table of migrations">
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">Migration</th>
            <th scope="col">State</th>
            <th scope="col" data-number>
              Statements
            </th>
            <th scope="col" data-number>
              Took
            </th>
            <th scope="col">Applied</th>
          </tr>
        </thead>
        <tbody>
          {migrations.map(({ name, state, appliedAt, appliedBy, durationMs, statementsApplied, statementCount }) => (
            <tr key={name}>
              <td className={table['mono']}>{name}</td>
              <td>
                <Tone tone={fine.includes(state) ? 'good' : 'warn'}>{words(state)}</Tone>
              </td>
              <td data-number>{statementsApplied === null ? count(statementCount) : `${count(statementsApplied)} of ${count(statementCount)}`}</td>
              <td data-number>{durationMs === null ? '–' : machineTime(durationMs)}</td>
              <td>
                <Time at={appliedAt} />
                {appliedBy && <div className={table['aside']}>{appliedBy}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
