import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../../api/useAnswer.ts';
import { type MessageStatus, ProspectMessagesDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { count, words } from '../../../parts/format.ts';
import { Time } from '../../../parts/Time.tsx';
import { Tone, type ToneName } from '../../../parts/Tone.tsx';
import classes from './Detail.module.css';
import { firstLine } from './Drafts.tsx';
import { None, Section } from './Section.tsx';

const tones: Partial<Record<MessageStatus, ToneName>> = { SENT: 'good', REPLIED: 'good', DEFERRED: 'warn', OUTCOME_UNKNOWN: 'warn', FAILED: 'bad', BOUNCED: 'bad', COMPLAINED: 'bad' };

/** What was sent to a prospect, or will be; each leads to the message. */
export function Messages({ id }: { id: string }) {
  const messages = useAnswer(ProspectMessagesDocument, { id }, (data) => data.prospect?.messages);
  const total = messages.value?.totalCount;
  return (
    <Section title="Messages" aside={total ? count(total) : undefined}>
      <Answered of={messages} what="the messages" rows={1}>
        {({ nodes }) =>
          nodes.length === 0 ? (
            <None>Nothing was sent, and nothing waits.</None>
          ) : (
            <ul className={classes['entries']}>
              {nodes.map((message) => (
                <li key={message.id}>
                  <span className={classes['entryHead']}>
                    <Link to="/messages" search={{ open: message.id }}><bdi>{message.subject ?? firstLine(message.body)}</bdi></Link>
                    <Tone tone={tones[message.status] ?? 'quiet'}>{words(message.status)}</Tone>
                  </span>
                  <span className={classes['quiet']}>
                    {words(message.channel)}
                    {message.isFollowUp && ' · follow-up'} · {message.sentAt ? <>sent <Time at={message.sentAt} /></> : <>queued <Time at={message.createdAt} /></>}
                  </span>
                  {(message.error ?? message.blockedBy) && <p className={classes['text']}>{message.error ?? message.blockedBy}</p>}
                </li>
              ))}
              {total != null && total > nodes.length && <li className={classes['quiet']}>These are the latest {count(nodes.length)}.</li>}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}
