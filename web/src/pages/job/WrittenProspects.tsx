import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { JobProspectsDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import table from '../../parts/parts.module.css';
import { useRefreshUntil } from '../../parts/useRefresh.ts';
import classes from './Job.module.css';
import type { LiveJob } from './newest.ts';

/** The prospects that an import or a discovery added or changed: the first ones, and the way to all of them. */
export function WrittenProspects({ job, settled }: { job: LiveJob; settled: boolean }) {
  const answer = useAnswer(JobProspectsDocument, { jobId: job.id }, (data) => data.prospects);
  useRefreshUntil(settled, 3_000, answer.again);
  const total = answer.value?.totalCount;
  return (
    <Panel title="Prospects" aside={typeof total === 'number' && total > 0 && <Link to="/prospects" search={{ job: job.id }}>Review {plural(total, 'prospect')}</Link>}>
      <Answered of={answer} what="the list of prospects">
        {({ nodes }) =>
          nodes.length === 0 ? (
            <Empty title={settled ? 'It added and changed no prospect' : 'No prospect yet'} />
          ) : (
            <ul className={classes['list']}>
              {nodes.map((prospect) => (
                <li key={prospect.id}>
                  <Link to="/prospects" search={{ job: job.id, open: prospect.id }}>
                    <bdi>{prospect.displayName}</bdi>
                  </Link>
                  <bdi className={table['aside']}>{prospect.email ?? prospect.profileUrl}</bdi>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Panel>
  );
}
