import { Code } from '@mantine/core';
import type { SchemaHealthQuery } from '../../graphql/graphql.ts';
import { duration } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import classes from './Schema.module.css';

type Health = Pick<SchemaHealthQuery['schemaHealth'], 'unverified' | 'blockers'>;

/** What this check could not read, and the sessions that stood in its way. */
export function UnverifiedPanel({ health: { unverified, blockers } }: { health: Health }) {
  if (unverified.length === 0 && blockers.length === 0) return null;
  return (
    <Panel title="Not verified">
      <ul className={classes['plain']}>
        {unverified.map(({ object, reason }) => (
          <li key={object}>
            <Code>{object}</Code> {reason}
          </li>
        ))}
        {blockers.map((blocker) => (
          <li key={blocker.pid ?? blocker.preparedTransaction}>
            {blocker.pid === null ? `Prepared transaction ${blocker.preparedTransaction}` : `Session ${blocker.pid}`} of {blocker.user ?? 'an unknown user'}
            {blocker.applicationName && ` (${blocker.applicationName})`} holds {blocker.objects.join(', ')}
            {blocker.heldForMs !== null && ` for ${duration(blocker.heldForMs)}`}.{blocker.query && <Code block className={classes['sql'] ?? ''}>{blocker.query}</Code>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
