import { useAnswer } from '../../../api/useAnswer.ts';
import { AboutDocument, type WorkerRowFragment } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { count, plural } from '../../../parts/format.ts';
import { NoWorker } from '../../../parts/NoWorker.tsx';
import { Panel } from '../../../parts/Page.tsx';
import { Table } from '../../../parts/Table.tsx';
import { Time } from '../../../parts/Time.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';

/** The workers that run, and the build of each: two builds side by side are worth knowing. */
export function WorkerPanel() {
  const workers = useAnswer(AboutDocument, {}, (data) => data.workers);
  useRefresh(true, 5_000, workers.again);
  return (
    <Panel title="Workers" aside={workers.value && plural(workers.value.length, 'worker')}>
      <Answered of={workers} what="the workers" rows={2}>
        {(all) => (all.length === 0 ? <NoWorker workers={all} waiting /> : <Workers workers={all} />)}
      </Answered>
    </Panel>
  );
}

function Workers({ workers }: { workers: readonly WorkerRowFragment[] }) {
  return (
    <Table of="workers" columns={['Worker', 'Version', { head: 'Chunks in hand', isNumber: true }, 'Started', 'Last seen']}>
      {workers.map(({ name, version, runningChunks, startedAt, seenAt }) => (
        <tr key={`${name} ${startedAt}`}>
          <td>{name}</td>
          <td>{version}</td>
          <td data-number>{count(runningChunks)}</td>
          <td>
            <Time at={startedAt} />
          </td>
          <td>
            <Time at={seenAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
