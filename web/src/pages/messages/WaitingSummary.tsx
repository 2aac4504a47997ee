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
import { type Reason, reasonOf, reasonTexts } from './reasons.ts';

type Waiting = NonNullable<WaitingMessagesQuery['messages']>;

/** Why messages wait, by reason, with what there is to do about each. */
export function WaitingSummary() {
  const answer = useAnswer(WaitingMessagesDocument, {}, (data) => data.messages && { ...data, messages: data.messages });
  useRefresh(true, 5_000, answer.again);
  const waiting = answer.value?.messages;
  if (waiting?.nodes.length === 0 && !answer.error) return null;
  const isPart = waiting && (waiting.totalCount ?? 0) > waiting.nodes.length;
  return (
    <>
      <NoWorker workers={answer.value?.workers} waiting={(waiting?.nodes.length ?? 0) > 0} />
      <Panel title="Why they wait" aside={isPart && `of the newest ${count(waiting.nodes.length)} of ${count(waiting.totalCount)}`}>
        <Answered of={answer} what="why messages wait" rows={2}>
          {({ messages, senders }) => (
            <ul className={classes['summary']}>
              {groupsOf(messages.nodes).map(({ reason, length, example, due }) => (
                <li key={reason}>
                  <strong>{count(length)}</strong>
                  <div>
                    <strong>{reasonTexts[reason].label}</strong>
                    {due && (
                      <>
                        , not before <Time at={due} />
                      </>
                    )}
                    {example && <div dir="auto">{withoutLabel(example)}</div>}
                    <div className={classes['aside']}>
                      {reasonTexts[reason].next}
                      {reasonTexts[reason].settings && (
                        <>
                          {' '}
                          <Link to="/settings">Change it in the settings</Link>
                        </>
                      )}
                    </div>
                  </div>
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

function groupsOf(messages: Waiting['nodes']): { reason: Reason; length: number; example: string | null; due: string | null }[] {
  const groups = Map.groupBy(messages, ({ blockedBy }) => reasonOf(blockedBy));
  return [...groups]
    .map(([reason, found]) => ({
      reason,
      length: found.length,
      example: found[0]?.blockedBy ?? null,
      due: found.flatMap(({ dueAt }) => dueAt ?? []).toSorted()[0] ?? null,
    }))
    .toSorted((a, b) => b.length - a.length);
}

/** "Sending window: Mon 09:00 to 17:00." → "Mon 09:00 to 17:00.": the label stands above it. */
function withoutLabel(sentence: string): string {
  const text = sentence.replace(/^[A-Z][a-z ]{2,30}: /, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
