import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useRef } from 'react';
import { useAnswer } from '../../api/useAnswer.ts';
import { useViewer } from '../../api/useViewer.ts';
import { MessagesDocument } from '../../graphql/graphql.ts';
import { useCommands } from '../../keys/useCommands.ts';
import { Answered } from '../../parts/Answered.tsx';
import { plural } from '../../parts/format.ts';
import { Loading } from '../../parts/Loading.tsx';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import { Split } from '../../parts/Split.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { useRowKeys } from '../../parts/useRowKeys.ts';
import { useRowSelection } from '../../parts/useRowSelection.ts';
import { DecideBar } from './DecideBar.tsx';
import { Decisions } from './Decisions.tsx';
import { EmptyMessages } from './EmptyMessages.tsx';
import { MessageFilters } from './MessageFilters.tsx';
import classes from './Messages.module.css';
import { MessageTable } from './MessageTable.tsx';
import { OutcomeNotice } from './OutcomeNotice.tsx';
import { filterOf, type MessageListTab, type MessagesSearch, tabNames } from './search.ts';
import { states } from './states.ts';
import { useDecisions } from './useDecisions.ts';
import type { Decision } from './useResolve.ts';

const ByHand = lazy(async () => ({ default: (await import('./ByHand.tsx')).ByHand }));
const WaitingSummary = lazy(async () => ({ default: (await import('./WaitingSummary.tsx')).WaitingSummary }));
const MessageDetail = lazy(async () => ({ default: (await import('./MessageDetail.tsx')).MessageDetail }));
const route = getRouteApi('/messages');
const pageSize = 50;
const everyMs = 5_000;
/** What can be done with several at once, with its key. */
const decisionsOf: Partial<Record<MessageListTab, readonly { decision: Decision; key: string }[]>> = {
  waiting: [{ decision: 'CANCEL', key: 'c' }],
  decide: [
    { decision: 'SENT', key: 's' },
    { decision: 'NOT_SENT', key: 'n' },
    { decision: 'REPLIED', key: 'r' },
  ],
};

/** Messages in some states, with one of them beside the list. */
export function MessageList({ tab }: { tab: MessageListTab }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useViewer();
  const searchField = useRef<HTMLInputElement>(null);
  const answer = useAnswer(MessagesDocument, { ...pageArguments(search, pageSize), filter: filterOf(tab, search) }, ({ messages }) => messages);
  useRefresh(true, everyMs, answer.again);
  const messages = answer.value?.nodes ?? [];
  const ids = messages.map(({ id }) => id);

  const change = (to: Partial<MessagesSearch>) => void navigate({ search: { ...search, after: undefined, before: undefined, ...to } });
  const choose = (open: string | undefined) => void navigate({ search: { ...search, open }, resetScroll: false });

  const offered = may('OPERATOR') ? (decisionsOf[tab] ?? []) : [];
  const selection = useRowSelection(ids);
  const rows = useRowKeys({ ids, open: search.open, choose, selection: offered.length > 0 ? selection : undefined });
  const decisions = useDecisions((failed) => {
    selection.keep(failed);
    requestAnimationFrame(() => rows.restore());
  });
  const targets = () => {
    const current = rows.current();
    const wanted = selection.selected.size > 0 ? selection.selected : new Set(current === undefined ? [] : [current]);
    return messages.filter(({ id }) => wanted.has(id));
  };
  useCommands(tabNames[tab], [
    ...rows.commands,
    ...offered.map(({ decision, key }) => ({
      keys: key,
      label: decision === 'CANCEL' ? 'Cancel' : `Mark as ${decision.toLowerCase().replace('_', ' ')}`,
      run: () => decisions.ask(targets(), decision),
    })),
    { keys: '/', label: 'Search', run: () => searchField.current?.focus() },
    { keys: 'Escape', label: 'Close the message', run: () => search.open && choose(undefined) },
  ]);

  const total = answer.value?.totalCount ?? null;
  return (
    <Split
      label="Message"
      chosen={search.open}
      close={() => choose(undefined)}
      detail={
        search.open === undefined ? null : (
          <Suspense fallback={<Loading what="the message" />}>
            <MessageDetail id={search.open} />
          </Suspense>
        )
      }
      list={
        <div className={classes['stack']}>
          {tab === 'waiting' && (
            <Suspense fallback={<Loading what="why messages wait" />}>
              <WaitingSummary />
            </Suspense>
          )}
          <Panel title={tab === 'decide' ? 'Outcome unknown' : tabNames[tab]} aside={total !== null && plural(total, 'message')}>
            {tab === 'decide' && <p className={classes['lead']}>{states.OUTCOME_UNKNOWN.what} Look into the mailbox or at the profile, then say what became of each.</p>}
            <MessageFilters tab={tab} search={search} change={change} searchField={searchField} />
            <OutcomeNotice outcome={decisions.outcome} />
            <Answered of={answer} what="the list of messages" rows={8}>
              {({ nodes, pageInfo }) => (
                <div className={classes['rows']} {...rows.props}>
                  {nodes.length === 0 && <EmptyMessages tab={tab} search={search} change={change} />}
                  {offered.length > 0 && nodes.length > 0 && (
                    <DecideBar selected={selection.selected.size} of={nodes.length} decisions={offered.map(({ decision }) => decision)} ask={(decision) => decisions.ask(targets(), decision)} />
                  )}
                  {nodes.length > 0 && (
                    <MessageTable label={tabNames[tab]} messages={nodes} open={search.open} selection={offered.length > 0 ? selection : undefined} />
                  )}
                  <Paging what="messages" page={pageInfo} place={search} go={change} />
                </div>
              )}
            </Answered>
            {answer.error && !search.channel && (
              <Button size="xs" variant="default" onClick={() => change({ channel: ['EMAIL'] })}>
                Only e-mail
              </Button>
            )}
          </Panel>
          {tab === 'decide' && (
            <Suspense fallback={<Loading what="the messages to be sent by hand" />}>
              <ByHand />
            </Suspense>
          )}
          <Decisions {...decisions.dialog} />
        </div>
      }
    />
  );
}
