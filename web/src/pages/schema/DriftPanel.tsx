import { Code } from '@mantine/core';
import type { DriftFragment, SchemaHealthQuery } from '../../graphql/graphql.ts';
import { Empty } from '../../parts/Empty.tsx';
import { plural, words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { Time } from '../../parts/Time.tsx';
import { Tone } from '../../parts/Tone.tsx';
import { Affects } from './Affects.tsx';
import { effects, type Incident, incidents } from './incidents.ts';
import classes from './Schema.module.css';

type Health = Pick<SchemaHealthQuery['schemaHealth'], 'drift' | 'status'>;

/** What differs from what this build expects, the most urgent first, one cause an entry. */
export function DriftPanel({ health: { drift, status } }: { health: Health }) {
  if (status === 'UNREACHABLE') return null;
  const found = incidents(drift);
  return (
    <Panel title="Differences" aside={found.length > 0 && plural(found.length, 'cause')}>
      {found.length === 0 && <Empty title={status === 'READY' ? 'The live schema is the one that this build expects' : 'No difference was found'} />}
      <ol className={classes['incidents']}>
        {found.map((incident) => (
          <Entry key={incident.cause.id} incident={incident} />
        ))}
      </ol>
    </Panel>
  );
}

function Entry({ incident: { cause, consequences } }: { incident: Incident }) {
  const { says, tone } = effects[cause.effect];
  const name = [cause.table, cause.column ?? cause.object].filter(Boolean).join('.');
  return (
    <li>
      <div className={classes['head']}>
        <Tone tone={tone}>{says}</Tone>
        <span className={classes['kind']}>
          {words(cause.kind)} {name && <Code>{name}</Code>}
        </span>
        {cause.since && (
          <span className={classes['since']}>
            since <Time at={cause.since} />
          </span>
        )}
      </div>
      <p className={classes['message']}>{cause.message}</p>
      <Affects coordinates={cause.affects} />
      <Comparison drift={cause} />
      {consequences.length > 0 && (
        <details>
          <summary>{plural(consequences.length, 'consequence')}</summary>
          <ul>
            {consequences.map(({ id, message }) => (
              <li key={id}>{message}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function Comparison({ drift }: { drift: DriftFragment }) {
  const { expected, actual, evidence, sqlState, change } = drift;
  if (!expected && !actual && !evidence && !sqlState && !change) return null;
  return (
    <dl className={classes['comparison']}>
      {expected && (
        <>
          <dt>Expected</dt>
          <dd>
            <Code>{expected}</Code>
          </dd>
        </>
      )}
      {(expected || actual) && (
        <>
          <dt>Found</dt>
          <dd>{actual ? <Code>{actual}</Code> : 'nothing'}</dd>
        </>
      )}
      {sqlState && (
        <>
          <dt>Error</dt>
          <dd>
            <Code>{sqlState}</Code>
          </dd>
        </>
      )}
      {evidence && (
        <>
          <dt>Rows</dt>
          <dd>{evidence}</dd>
        </>
      )}
      {change && (
        <>
          <dt>Changed</dt>
          <dd>
            <Time at={change.at} exact /> by {change.user}
            {change.applicationName && ` (${change.applicationName})`} {change.statement && <Code>{change.statement}</Code>}
          </dd>
        </>
      )}
    </dl>
  );
}
