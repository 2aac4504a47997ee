import { Button } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { useViewer } from '../../api/useViewer.ts';
import { type MessageRowFragment, MessagesDocument } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { OutLink } from '../../parts/OutLink.tsx';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { useRowKeys } from '../../parts/useRowKeys.ts';
import classes from './Messages.module.css';
import { OutcomeNotice } from './OutcomeNotice.tsx';
import { isByHand } from './reasons.ts';
import { nameOf, wayOf } from './states.ts';
import { useDecisions } from './useDecisions.ts';

const route = getRouteApi('/messages');
const pageSize = 20;

/** Messages that only a person can send: open the profile, paste the text, say that it was sent. */
export function ByHand() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useViewer();
  const place = { after: search.handAfter, before: search.handBefore };
  const answer = useAnswer(
    MessagesDocument,
    { ...pageArguments(place, pageSize), filter: { channel: 'SOCIAL' as const, status: ['QUEUED' as const], isBlocked: true, search: search.q } },
    ({ messages }) => messages,
  );
  useRefresh(true, 10_000, answer.again);
  const decisions = useDecisions();
  const messages = (answer.value?.nodes ?? []).filter(isByHand);
  const rows = useRowKeys({ ids: messages.map(({ id }) => id), choose: () => {} });
  return (
    <Panel title="To be sent by hand">
      <OutcomeNotice outcome={decisions.outcome} />
      <Answered of={answer} what="the messages to be sent by hand" rows={3}>
        {({ pageInfo }) => (
            <div {...rows.props}>
              {messages.length === 0 && (
                <Empty title={search.q ? 'No message to be sent by hand matches the search' : 'Nothing is to be sent by hand'}>
                  <p>Messages on social platforms come here as long as no webhook sends them.</p>
                </Empty>
              )}
              <ul className={classes['hands']}>
                {messages.map((message) => (
                  <li key={message.id} data-row-of={message.id}>
                    <Hand message={message} sent={may('OPERATOR') ? () => decisions.carryOut(message, 'SENT') : null} busy={decisions.progress !== null} />
                  </li>
                ))}
              </ul>
              <Paging what="messages to be sent by hand" page={pageInfo} place={place} go={({ after, before }) => void navigate({ search: { ...search, handAfter: after, handBefore: before } })} />
            </div>
        )}
      </Answered>
    </Panel>
  );
}

function Hand({ message, sent, busy }: { message: MessageRowFragment; sent: (() => void) | null; busy: boolean }) {
  const name = nameOf(message);
  const profile = message.socialProfile?.profileUrl ?? message.recipient;
  return (
    <>
      <header>
        <Link from="/messages" to="/messages" search={(old) => ({ ...old, open: message.id })} resetScroll={false} className={classes['name']} data-row={message.id}>
          <bdi>{name}</bdi>
        </Link>
        <span className={classes['aside']}>
          {wayOf(message)}
          {message.socialProfile && ` · @${message.socialProfile.username}`}
        </span>
      </header>
      <div className={classes['letter']} dir="auto">
        {message.body}
      </div>
      <div className={classes['actions']}>
        {profile && (
          <OutLink to={profile} label={`Open profile of ${name}`}>
            Open profile
          </OutLink>
        )}
        <CopyButton text={message.body} label={`Copy the text for ${name}`}>
          Copy the text
        </CopyButton>
        {sent && (
          <Button size="compact-sm" disabled={busy} aria-label={`I sent it to ${name}`} onClick={sent}>
            I sent it
          </Button>
        )}
      </div>
    </>
  );
}
