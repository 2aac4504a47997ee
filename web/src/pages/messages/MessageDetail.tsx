import { Button } from '@mantine/core';
import { useAnswer } from '../../api/useAnswer.ts';
import { useViewer } from '../../api/useViewer.ts';
import { MessageDocument, type MessageQuery } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { OutLink } from '../../parts/OutLink.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { Decisions } from './Decisions.tsx';
import { MessageCourse } from './MessageCourse.tsx';
import { MessageFacts } from './MessageFacts.tsx';
import classes from './Messages.module.css';
import { MessageTone } from './MessageTone.tsx';
import type { OpenMessage } from './openMessage.ts';
import { OutcomeNotice } from './OutcomeNotice.tsx';
import { mayCancel, nameOf, resolutions, resolutionsOf, states, titleOf } from './states.ts';
import { useDecisions } from './useDecisions.ts';

/** One message: what it says, how far it has come and why, what there is to do about it, and what happened when. */
export function MessageDetail({ id }: { id: string }) {
  const answer = useAnswer(MessageDocument, { id }, (data) => data);
  useRefresh(true, 5_000, answer.again);
  return (
    <Answered of={answer} what="the message">
      {({ node, activities }) =>
        node?.__typename === 'Message' ? (
          <Message key={node.id} message={node} activities={activities?.nodes ?? null} />
        ) : (
          !answer.error && <Empty title="There is no such message" />
        )
      }
    </Answered>
  );
}

function Message({ message, activities }: { message: OpenMessage; activities: NonNullable<MessageQuery['activities']>['nodes'] | null }) {
  const { may } = useViewer();
  const decisions = useDecisions();
  const state = states[message.status];
  const offered = may('OPERATOR') ? resolutionsOf(message) : [];
  const profile = message.socialProfile?.profileUrl;
  return (
    <article className={classes['detail']}>
      <header className={classes['head']}>
        <h2 dir="auto">{titleOf(message)}</h2>
        <MessageTone status={message.status} />
        <p>
          {state.what} {message.error && <span dir="auto">{message.error}</span>}
          {(message.status === 'QUEUED' || message.status === 'DEFERRED') && message.blockedBy && <span dir="auto">{message.blockedBy}</span>}
        </p>
        {state.next && <p className={classes['aside']}>{state.next}</p>}
      </header>
      <OutcomeNotice outcome={decisions.outcome} />
      <div className={classes['actions']}>
        {profile && <OutLink to={profile}>Open profile</OutLink>}
        {message.channel === 'SOCIAL' && message.body && <CopyButton text={message.body}>Copy the text</CopyButton>}
        {offered.map((resolution) => (
          <Button key={resolution} size="compact-sm" variant={resolution === 'NOT_SENT' ? 'default' : 'light'} onClick={() => decisions.ask([message], resolution)}>
            {message.status === 'QUEUED' ? 'I sent it' : `Mark as ${resolutions[resolution].label.toLowerCase()}`}
          </Button>
        ))}
        {may('OPERATOR') && mayCancel(message) && (
          <Button size="compact-sm" variant="light" color="red" onClick={() => decisions.ask([message], 'CANCEL')}>
            Cancel the message
          </Button>
        )}
      </div>
      <MessageFacts message={message} />
      <section aria-label="Text">
        <h3>{textTitle(message)}</h3>
        <div className={classes['letter']} dir="auto">
          {message.subject && <strong>{message.subject}</strong>}
          {message.body || 'The text was erased with the prospect.'}
        </div>
      </section>
      <MessageCourse message={message} activities={activities} name={nameOf(message)} />
      <Decisions {...decisions.dialog} />
    </article>
  );
}

function textTitle({ status, sentAt }: OpenMessage): string {
  if (sentAt) return 'As it was sent';
  if (status === 'OUTCOME_UNKNOWN') return 'As it was handed over';
  return mayCancel({ status }) || status === 'SENDING' ? 'As it is to be sent' : 'As it would have been sent';
}
