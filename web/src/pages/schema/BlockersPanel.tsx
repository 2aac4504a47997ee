import { Code } from '@mantine/core';
import { useViewer } from '../../api/useViewer.ts';
import { plural } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { Time } from '../../parts/Time.tsx';
import classes from './Schema.module.css';
import type { Health } from './useHealth.ts';

/** Who stands in the way of this check, and what it could not read. */
export function BlockersPanel({ now: { unverified, blockers, checkedAt } }: { now: Health }) {
  const { may } = useViewer();
  if (unverified.length === 0 && blockers.length === 0) return null;
  return (
    <Panel title="Not verified" aside={plural(unverified.length, 'part')}>
      {blockers.length > 0 && (
        <ul className={classes['plain']} aria-label="Who holds the locks">
          {blockers.map((blocker) => (
            <Blocker key={blocker.pid ?? blocker.preparedTransaction} blocker={blocker} checkedAt={checkedAt} showsQuery={may('ADMIN')} />
          ))}
        </ul>
      )}
      <ul className={classes['plain']} aria-label="What could not be read">
        {unverified.map(({ object, reason }) => (
          <li key={object}>
            <Code>{object}</Code> {reason}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

type BlockerProps = { blocker: Health['blockers'][number]; checkedAt: string; showsQuery: boolean };

function Blocker({ blocker: { pid, preparedTransaction, user, applicationName, query, heldForMs, objects }, checkedAt, showsQuery }: BlockerProps) {
  const since = heldForMs === null ? null : new Date(checkedAt).getTime() - heldForMs;
  return (
    <li>
      <div className={classes['head']}>
        <strong>{pid === null ? `Prepared transaction ${preparedTransaction}` : `Session ${pid}`}</strong>
        <span>
          holds {objects.map((object, place) => (
            <span key={object}>
              {place > 0 && ', '}
              <Code>{object}</Code>
            </span>
          ))}
        </span>
        {since !== null && (
          <span className={classes['since']}>
            since <Time at={since} />
          </span>
        )}
      </div>
      <dl className={classes['comparison']}>
        <dt>Role</dt>
        <dd>{user ?? 'not known'}</dd>
        {applicationName && (
          <>
            <dt>Application</dt>
            <dd>
              <bdi>{applicationName}</bdi>
            </dd>
          </>
        )}
        <dt>Statement</dt>
        <dd>{query ? <Code>{query}</Code> : showsQuery ? 'not visible to this role (it takes pg_read_all_stats)' : 'shown to administrators only'}</dd>
        <dt>To end it</dt>
        <dd>
          <Code>{pid === null ? `rollback prepared '${preparedTransaction}'` : `select pg_terminate_backend(${pid})`}</Code>, after you know what it is
        </dd>
      </dl>
    </li>
  );
}
