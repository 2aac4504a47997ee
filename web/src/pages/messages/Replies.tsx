import { Button } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { InboundMessagesDocument, type InboundRowFragment } from '../../graphql/graphql.ts';
import { useCommands } from '../../keys/useCommands.ts';
import { Answered } from '../../parts/Answered.tsx';
import { FilterBar, Select } from '../../parts/Choices.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import { Split } from '../../parts/Split.tsx';
import { Time } from '../../parts/Time.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { useRowKeys } from '../../parts/useRowKeys.ts';
import { InboundTone } from './InboundTone.tsx';
import classes from './Messages.module.css';
import { Reclassify } from './Reclassify.tsx';
import { ReplyDetail } from './ReplyDetail.tsx';
import { inboundKinds, type MessagesSearch } from './search.ts';

const route = getRouteApi('/messages');
const pageSize = 50;

/** What came in: who wrote what, what it was taken for, and what it answers. */
export function Replies() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const answer = useAnswer(InboundMessagesDocument, { ...pageArguments(search, pageSize), filter: { kind: search.kind } }, (data) => data.inboundMessages);
  useRefresh(true, 5_000, answer.again);
  const change = (to: Partial<MessagesSearch>) => void navigate({ search: { ...search, after: undefined, before: undefined, ...to } });
  const choose = (open: string | undefined) => void navigate({ search: { ...search, open }, resetScroll: false });
  const rows = useRowKeys({ ids: (answer.value?.nodes ?? []).map(({ id }) => id), open: search.open, choose });
  useCommands('Replies', [...rows.commands, { keys: 'Escape', label: 'Close the reply', run: () => search.open && choose(undefined) }]);
  const total = answer.value?.totalCount ?? null;
  return (
    <Split
      label="Reply"
      chosen={search.open}
      close={() => choose(undefined)}
      detail={search.open === undefined ? null : <ReplyDetail id={search.open} />}
      list={
        <Panel title="What came in" aside={total !== null && plural(total, 'mail')}>
          <FilterBar>
            <Select name="Taken for" values={inboundKinds} chosen={search.kind} choose={(kind) => change({ kind })} />
            <Reclassify />
          </FilterBar>
          <Answered of={answer} what="the list of replies" rows={6}>
            {({ nodes, pageInfo }) => (
              <div className={classes['rows']} {...rows.props}>
                {nodes.length === 0 && <NoReplies isFiltered={search.kind !== undefined} clear={() => change({ kind: undefined })} />}
                {nodes.length > 0 && <ReplyTable mails={nodes} open={search.open} />}
                <Paging what="replies" page={pageInfo} place={search} go={change} />
              </div>
            )}
          </Answered>
        </Panel>
      }
    />
  );
}

function NoReplies({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  if (!isFiltered) {
    return (
      <Empty title="Nothing has come in yet">
        <p>
          Replies, bounces and complaints are read from the mailbox of IMAP_URL, or come through POST /inbound.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No mail matches these filters">
      <Button size="xs" variant="default" mt="xs" onClick={clear}>
        Clear the filters
      </Button>
    </Empty>
  );
}

function ReplyTable({ mails, open }: { mails: readonly InboundRowFragment[]; open: string | undefined }) {
  return (
    <table className={classes['table']} aria-label="What came in">
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col" className={classes['state']}>Taken for</th>
          <th scope="col" className={classes['when']}>When</th>
        </tr>
      </thead>
      <tbody>
        {mails.map((mail) => (
          <tr key={mail.id} data-row-of={mail.id} data-open={mail.id === open || undefined}>
            <td className={classes['main']}>
              <Link
                from="/messages"
                to="/messages"
                search={(old) => ({ ...old, open: mail.id })}
                resetScroll={false}
                className={classes['name']}
                data-row={mail.id}
                aria-current={mail.id === open || undefined}
              >
                <bdi>{mail.prospect?.displayName || mail.sender || 'Somebody who was erased'}</bdi>
              </Link>
              <bdi className={classes['clamp']}>{mail.subject ?? 'No subject'}</bdi>
            </td>
            <td className={classes['state']}>
              <InboundTone kind={mail.kind} />
              <bdi className={`${classes['aside']} ${classes['clamp']}`}>{mail.excerpt}</bdi>
            </td>
            <td className={classes['when']}>
              <Time at={mail.receivedAt ?? mail.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
