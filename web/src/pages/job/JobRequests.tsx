import { getRouteApi } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { JobRequestsDocument, type JobRequestsQuery } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { count, plural, words } from '../../parts/format.ts';
import { OutLink } from '../../parts/OutLink.tsx';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import table from '../../parts/parts.module.css';
import { Table } from '../../parts/Table.tsx';
import { Time } from '../../parts/Time.tsx';
import { useRefreshUntil } from '../../parts/useRefresh.ts';
import type { LiveJob } from './newest.ts';

const route = getRouteApi('/jobs/$id');

/** What a discovery asked of others, and what they answered. */
export function JobRequests({ job, settled }: { job: LiveJob; settled: boolean }) {
  const { requestsAfter: after, requestsBefore: before } = route.useSearch();
  const navigate = route.useNavigate();
  const answer = useAnswer(JobRequestsDocument, { id: job.id, ...pageArguments({ after, before }, 20) }, (data) => data.job);
  useRefreshUntil(settled, 3_000, answer.again);
  const total = answer.value?.scraperHistory?.totalCount;
  return (
    <Panel title="Requests" aside={typeof total === 'number' && plural(total, 'request')}>
      <Answered of={answer} what="the requests of this search">
        {({ discoveryQuery: search, scraperHistory: requests }) => (
          <>
            {search && (
              <p style={{ margin: '0 0 0.5rem', overflowWrap: 'anywhere' }}>
                {words(search.platform)}: <q dir="auto">{search.query}</q>
              </p>
            )}
            {requests?.nodes.length === 0 && <Empty title={settled ? 'It asked nobody' : 'Nothing has been asked yet'} />}
            {requests && requests.nodes.length > 0 && <RequestTable requests={requests.nodes} />}
            {requests && (
              <Paging
                what="requests"
                page={requests.pageInfo}
                place={{ after, before }}
                go={(place) => void navigate({ search: (old) => ({ ...old, requestsAfter: place.after, requestsBefore: place.before }), resetScroll: false })}
              />
            )}
          </>
        )}
      </Answered>
    </Panel>
  );
}

type Request = NonNullable<NonNullable<JobRequestsQuery['job']>['scraperHistory']>['nodes'][number];

function RequestTable({ requests }: { requests: readonly Request[] }) {
  return (
    <Table of="requests" label="Requests, newest first" columns={['Address', 'Answer', { head: 'Prospects', isNumber: true }, 'Ended']}>
      {requests.map((request) => (
        <tr key={request.id}>
          <td style={{ overflowWrap: 'anywhere', minWidth: '12rem' }}>
            <OutLink to={request.url} />
          </td>
          <td>
            {request.httpStatus === null ? '–' : `HTTP ${request.httpStatus}`}
            {request.error && <div className={table['aside']}>{request.error}</div>}
          </td>
          <td data-number>{count(request.prospectsFound)}</td>
          <td>
            <Time at={request.finishedAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
