import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { useViewer } from '../../api/useViewer.ts';
import { InboundMessageDocument, type InboundMessageQuery } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Time } from '../../parts/Time.tsx';
import parts from '../../parts/parts.module.css';
import { Decisions } from './Decisions.tsx';
import { InboundTone, inboundTexts } from './InboundTone.tsx';
import classes from './Messages.module.css';
import { MessageTone } from './MessageTone.tsx';
import { OutcomeNotice } from './OutcomeNotice.tsx';
import { resolutionsOf, titleOf } from './states.ts';
import { useDecisions } from './useDecisions.ts';

type Mail = Extract<NonNullable<InboundMessageQuery['node']>, { __typename: 'InboundMessage' }>;

/** A mail that came in: its text, what it was taken for and why, and the message that it is about. */
export function ReplyDetail({ id }: { id: string }) {
  const answer = useAnswer(InboundMessageDocument, { id }, (data) => data);
  return (
    <Answered of={answer} what="the mail">
      {({ node }) => (node?.__typename === 'InboundMessage' ? <MailText key={node.id} mail={node} /> : !answer.error && <Empty title="There is no such mail" />)}
    </Answered>
  );
}

function MailText({ mail: { kind, subject, excerpt, sender, receivedAt, createdAt, source, details, message, prospect } }: { mail: Mail }) {
  const { may } = useViewer();
  const decisions = useDecisions();
  const isMissed = message !== null && kind !== 'REPLY' && may('OPERATOR') && resolutionsOf(message).includes('REPLIED');
  return (
    <article className={classes['detail']}>
      <header className={classes['head']}>
        <h2 dir="auto">{subject ?? 'No subject'}</h2>
        <InboundTone kind={kind} />
        <p>{inboundTexts[kind].what}</p>
      </header>
      <OutcomeNotice outcome={decisions.outcome} />
      {isMissed && (
        <div className={classes['actions']}>
          <Button size="compact-sm" variant="light" onClick={() => decisions.ask([message], 'REPLIED')}>
            A person did answer
          </Button>
        </div>
      )}
      <dl className={parts['facts']}>
        <dt>From</dt>
        <dd>
          <bdi>{sender ?? 'Somebody who was erased'}</bdi>
        </dd>
        <dt>Received</dt>
        <dd>
          <Time at={receivedAt ?? createdAt} exact />
        </dd>
        <dt>Came by</dt>
        <dd>{source}</dd>
        <dt>Because of</dt>
        <dd>{reasonsOf(details)}</dd>
        {prospect && (
          <>
            <dt>Prospect</dt>
            <dd>
              <Link to="/prospects" search={{ open: prospect.id }}>
                <bdi>{prospect.displayName}</bdi>
              </Link>
            </dd>
          </>
        )}
        <dt>Message</dt>
        <dd>
          {message ? (
            <>
              <Link to="/messages" search={{ tab: 'all', open: message.id }}>
                <bdi>{titleOf(message)}</bdi>
              </Link>{' '}
              <MessageTone status={message.status} />
            </>
          ) : (
            'None that was sent from here'
          )}
        </dd>
      </dl>
      <section aria-label="Text">
        <h3>Text</h3>
        <div className={classes['letter']} dir="auto">
          {excerpt ?? 'It was erased with the person.'}
        </div>
      </section>
      <Decisions {...decisions.dialog} />
    </article>
  );
}

/** { rule: "RFC 3464", status: "5.1.1" } → "rule RFC 3464, status 5.1.1". */
function reasonsOf(details: unknown): string {
  if (typeof details !== 'object' || details === null) return '–';
  const entries = Object.entries(details).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return entries.map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${String(value)}`).join(', ') || '–';
}
