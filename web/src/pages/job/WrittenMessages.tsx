import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { JobMessagesDocument, type JobMessagesQuery } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural, words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import table from '../../parts/parts.module.css';
import { Table } from '../../parts/Table.tsx';
import { Time } from '../../parts/Time.tsx';
import { useRefreshUntil } from '../../parts/useRefresh.ts';
import type { LiveJob } from './newest.ts';

const route = getRouteApi('/jobs/$id');

/** The messages of a job that sends: which have left, what holds the others. */
export function WrittenMessages({ job, settled }: { job: LiveJob; settled: boolean }) {
  const { after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const answer = useAnswer(JobMessagesDocument, { jobId: job.id, ...pageArguments({ after, before }, 10) }, (data) => data.messages);
  useRefreshUntil(settled, 3_000, answer.again);
  const total = answer.value?.totalCount;
  return (
    <Panel title="Messages" aside={typeof total === 'number' && total > 0 && <Link to="/messages" search={{ tab: 'all', job: job.id }}>All {plural(total, 'message')}</Link>}>
      <Answered of={answer} what="the list of messages">
        {(messages) => (
          <>
            {messages.nodes.length === 0 ? <Empty title={settled ? 'It queued no message' : 'No message yet'} /> : <MessageTable messages={messages.nodes} job={job.id} />}
            <Paging
              what="messages"
              page={messages.pageInfo}
              place={{ after, before }}
              go={(place) => void navigate({ search: (old) => ({ ...old, after: place.after, before: place.before }), resetScroll: false })}
            />
          </>
        )}
      </Answered>
    </Panel>
  );
}

type Message = NonNullable<JobMessagesQuery['messages']>['nodes'][number];

function MessageTable({ messages, job }: { messages: readonly Message[]; job: string }) {
  return (
    <Table of="messages" label="Messages of this job" columns={['For', 'Status', 'Sent or due']}>
      {messages.map((message) => (
        <tr key={message.id}>
          <td>
            <Link to="/messages" search={{ tab: 'all', job, open: message.id }}>
              <bdi>{message.prospect?.displayName ?? message.recipient ?? 'A message'}</bdi>
            </Link>
            <div className={table['aside']}>{message.recipient}</div>
          </td>
          <td>
            {words(message.status)}
            {(message.blockedBy ?? message.error) && <div className={table['aside']}>{message.blockedBy ?? message.error}</div>}
          </td>
          <td>
            <Time at={message.sentAt ?? message.dueAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
