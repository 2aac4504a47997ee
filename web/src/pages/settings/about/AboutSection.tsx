import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../../api/useAnswer.ts';
import { useViewer } from '../../../api/useViewer.ts';
import { AboutSchemaDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { words } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Page.tsx';
import parts from '../../../parts/parts.module.css';
import { Time } from '../../../parts/Time.tsx';
import { Tone } from '../../../parts/Tone.tsx';
import { verdictTone } from '../../../parts/verdict.ts';
import classes from '../Settings.module.css';
import { WorkerPanel } from './WorkerPanel.tsx';

/** Addresses of this server for machines, that a person may want to look at. */
const addresses = [
  { path: '/metrics', says: 'Metrics for Prometheus; needs a key, or this browser' },
  { path: '/health/ready', says: 'Whether this server can work, for load balancers' },
  { path: '/health/schema', says: 'Schema health as JSON' },
];

/** What runs here, and where more of it is told. */
export function AboutSection() {
  const { viewer } = useViewer();
  const schema = useAnswer(AboutSchemaDocument, {}, (data) => data.schemaHealth);
  return (
    <>
      <WorkerPanel />
      <div className={classes['pair']}>
        <Panel title="Database">
          <Answered of={schema} what="the schema's health" rows={3}>
            {({ status, summary, checkedAt, database }) => (
              <dl className={parts['facts']}>
                <dt>Schema</dt>
                <dd>
                  <Tone tone={verdictTone[status]}>{words(status)}</Tone> <Link to="/schema">Schema health</Link>
                  <div>{summary}</div>
                </dd>
                <dt>Checked</dt>
                <dd>
                  <Time at={checkedAt} />
                </dd>
                {database && (
                  <>
                    <dt>PostgreSQL</dt>
                    <dd>{database.version}</dd>
                    <dt>Database</dt>
                    <dd>
                      {database.name}, schema {database.schema}
                    </dd>
                  </>
                )}
              </dl>
            )}
          </Answered>
        </Panel>
        <Panel title="This server">
          <dl className={parts['facts']}>
            {viewer && (
              <>
                <dt>Signed in as</dt>
                <dd>
                  <bdi>{viewer.name}</bdi>, {words(viewer.role)}
                </dd>
              </>
            )}
            <dt>Address</dt>
            <dd className={parts['mono']}>{location.origin}</dd>
            {addresses.map(({ path, says }) => (
              <Address key={path} path={path} says={says} />
            ))}
          </dl>
        </Panel>
      </div>
    </>
  );
}

function Address({ path, says }: { path: string; says: string }) {
  return (
    <>
      <dt>
        <a href={path} target="_blank" rel="noopener noreferrer" className={parts['mono']}>
          {path}
        </a>
      </dt>
      <dd>{says}</dd>
    </>
  );
}
