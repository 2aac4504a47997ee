import { useAnswer } from '../../api/useAnswer.ts';
import { ReadReplicasDocument, type ReadReplicasQuery } from '../../graphql/graphql.ts';
import { Failure } from '../../parts/Failure.tsx';
import { machineTime } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import table from '../../parts/parts.module.css';
import { Tone } from '../../parts/Tone.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import classes from './Schema.module.css';

type Replica = ReadReplicasQuery['readReplicas'][number];

const everyMs = 5_000;

/** Which replicas are read, how far behind they are, and why one is left out; nothing where there are none. */
export function ReplicaPanel() {
  const { value: replicas, error, again } = useAnswer(ReadReplicasDocument, {}, ({ readReplicas }) => readReplicas);
  const isThere = replicas !== undefined && replicas.length > 0;
  useRefresh(isThere, everyMs, again);
  if (!isThere) return null;
  const used = replicas.filter(({ inUse }) => inUse).length;
  return (
    <Panel title="Read replicas" aside={`${used} of ${replicas.length} in use`}>
      {error && <Failure title="The replicas could not be asked for" error={error} retry={again} />}
      <ul className={classes['features']}>
        {replicas.map((replica) => (
          <li key={replica.name}>
            <div className={classes['head']}>
              <span className={table['mono']}>{replica.name}</span>
              <Tone tone={replica.inUse ? 'good' : 'bad'}>{replica.inUse ? 'In use' : 'Left out'}</Tone>
            </div>
            <p className={classes['lacks']}>{replica.reason ?? lag(replica)}</p>
          </li>
        ))}
      </ul>
      {used === 0 && <p className={classes['lacks']}>Everything is read from the primary.</p>}
    </Panel>
  );
}

function lag({ lagMs }: Replica): string {
  if (lagMs === null) return 'How far it is behind is not known.';
  return lagMs === 0 ? 'Has everything that the primary has.' : `${machineTime(lagMs)} behind the primary.`;
}
