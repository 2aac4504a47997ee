import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/useAnswer.ts';
import { WaitingMessagesDocument, type WaitingMessagesQuery } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { count } from '../../parts/format.ts';
import { NoWorker } from '../../parts/NoWorker.tsx';
import { Panel } from '../../parts/Page.tsx';
import { Time } from '../../parts/Time.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import classes from './Messages.module.css';
import { reasonTexts } from './reasons.ts';

/** Why messages wait, by reason, with what there is to do about each. */
export function WaitingSummary() {
  const answer = useAnswer(WaitingMessagesDocument, {}, ({ waitingMessages, ...rest }) => waitingMessages && { waitingMessages, ...rest });
  useRefresh(true, 5_000, answer.again);
  const waiting = answer.value?.waitingMessages ?? [];
  if (answer.value && waiting.length === 0 && !answer.error) return null;
  return (
    <>
      <NoWorker workers={answer.value?.workers} waiting={waiting.length > 0} />
      <Panel title="Why they wait">
        <Answered of={answer} what="why messages wait" rows={2}>
          {({ waitingMessages, senders }) => (
            <ul className={classes['summary']}>
              {waitingMessages.map((group) => (
                <li key={group.channel + group.reason}>
                  <strong>{count(group.count)}</strong>
                  <Group group={group} />
                </li>
              ))}
              {senders?.map(({ address, sentToday, dailyCap }) => (
                <li key={address}>
                  <strong>{count(sentToday)}</strong>
                  <div>
                    of {count(dailyCap)} sent today by <bdi>{address}</bdi>
                  </div>
                </li>
              ))}
            </ul>
          )}
        </Answered>
      </Panel>
    </>
  );
}

function Group({ group: { channel, reason, blockedBy, dueAt } }: { group: NonNullable<WaitingMessagesQuery['waitingMessages']>[number] }) {
  const { label, next, settings } = reasonTexts[reason];
  return (
    <div>
      <strong>{label}</strong>
      <span className={classes['aside']}> {channel === 'EMAIL' ? 'E-mail' : 'Social'}</span>
      {dueAt && (
        <>
          , not before <Time at={dueAt} />
        </>
      )}
      {blockedBy && <div dir="auto">{withoutLabel(blockedBy)}</div>}
      <div className={classes['aside']}>
        {next}{' '}
        {settings && (
          <Link to="/settings" search={{ tab: 'sending' }}>
            Change it in the settings
          </Link>
        )}
        {reason === 'BY_HAND' && (
          <Link from="/messages" to="/messages" search={{ tab: 'decide' }}>
            Send them
          </Link>
        )}
      </div>
    </div>
  );
}

/** "Sending window: Mon 09:00 to 17:00." → "Mon 09:00 to 17:00.": the label stands above it. */
function withoutLabel(sentence: string): string {
  const text = sentence.replace(/^[A-Z][a-z ]{2,30}: /, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
