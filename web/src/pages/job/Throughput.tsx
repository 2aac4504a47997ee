import { useAnswer } from '../../api/useAnswer.ts';
import { JobThroughputDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { LineChart } from '../../parts/charts/LineChart.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Panel } from '../../parts/Page.tsx';
import { useRefreshUntil } from '../../parts/useRefresh.ts';
import type { LiveJob } from './newest.ts';
import { ratesOf, writes } from './rates.ts';

/** Fewer points than these are no curve. */
const least = 3;

/** How fast the job wrote, from its start on, whether or not somebody watched. */
export function Throughput({ job, settled }: { job: LiveJob; settled: boolean }) {
  const answer = useAnswer(JobThroughputDocument, { id: job.id }, (data) => data.job?.throughput);
  useRefreshUntil(settled, 3_000, answer.again);
  // Of what took a second or two there is nothing to draw.
  if (settled && answer.value && answer.value.length < least) return null;
  return (
    <Panel title="Throughput">
      <Answered of={answer} what="the throughput" rows={5}>
        {(intervals) => {
          const { times, values, unit } = ratesOf(intervals, job.type);
          if (times.length < least) return <Empty title="A curve takes a few seconds" />;
          const name = writes[job.type];
          return <LineChart label={`Throughput: ${unit}`} unit={unit} times={times} series={[{ name: name.charAt(0).toUpperCase() + name.slice(1), values }]} />;
        }}
      </Answered>
    </Panel>
  );
}
