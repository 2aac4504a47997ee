import { machineTime } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import table from '../../parts/parts.module.css';
import type { Health } from './useHealth.ts';

/** Which database was checked, and as whom. */
export function DatabasePanel({ health: { database, fingerprint } }: { health: Health }) {
  if (!database) return null;
  return (
    <Panel title="Database">
      <dl className={table['facts']}>
        <dt>PostgreSQL</dt>
        <dd>{database.version}</dd>
        <dt>Database</dt>
        <dd className={table['mono']}>
          {database.name}, schema {database.schema}
        </dd>
        <dt>Role</dt>
        <dd className={table['mono']}>{database.user}</dd>
        <dt>Round trip</dt>
        <dd>{machineTime(database.latencyMs)}</dd>
        {fingerprint && (
          <>
            <dt>Fingerprint</dt>
            <dd className={table['mono']}>{fingerprint}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}
