import { Code } from '@mantine/core';
import { useAnswer } from '../../../api/useAnswer.ts';
import { SendersDocument, type SendersQuery } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { count } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Page.tsx';
import { Time } from '../../../parts/Time.tsx';
import { Tone } from '../../../parts/Tone.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';
import classes from './Sending.module.css';
import { SenderRecords } from './SenderRecords.tsx';

type Sender = NonNullable<SendersQuery['senders']>[number];

/** Whom messages come from: how much has left today, what holds the rest, and how mailbox providers will judge them. */
export function SenderPanel() {
  const senders = useAnswer(SendersDocument, {}, (data) => data.senders);
  useRefresh(true, 10_000, senders.again);
  return (
    <Panel title="Senders">
      <Answered of={senders} what="the senders" rows={3}>
        {(all) =>
          all.length === 0 ? (
            <Empty title="Nobody is set up to send">
              <p>
                For e-mail set <Code>SMTP_URL</Code>, <Code>MAIL_FROM</Code> and <Code>PUBLIC_URL</Code> where the server starts; a webhook for social
                messages is set with <Code>SOCIAL_WEBHOOK_URL</Code>, and without one they are sent by hand.
              </p>
            </Empty>
          ) : (
            <ul className={classes['senders']}>
              {all.map((sender) => (
                <Item key={`${sender.channel} ${sender.address}`} sender={sender} />
              ))}
            </ul>
          )
        }
      </Answered>
    </Panel>
  );
}

function Item({ sender: { channel, address, sentToday, dailyCap, blockedBy, blockedUntil, records, checkedAt } }: { sender: Sender }) {
  const share = dailyCap === 0 ? 1 : Math.min(1, sentToday / dailyCap);
  return (
    <li>
      <div className={classes['who']}>
        <strong>{address}</strong>
        <Tone tone="quiet">{channel === 'EMAIL' ? 'E-mail' : 'Social'}</Tone>
        <Tone tone={blockedBy ? 'warn' : 'good'}>{blockedBy ? 'Held' : 'May send'}</Tone>
      </div>
      <div className={classes['today']}>
        <span>
          {count(sentToday)} of {count(dailyCap)} today
        </span>
      </div>
      <div className={classes['meter']} aria-hidden>
        <span style={{ width: `${share * 100}%` }} data-full={share >= 1 || undefined} />
      </div>
      {blockedBy && (
        <p className={classes['held']}>
          {blockedBy} {blockedUntil && <>The next may leave <Time at={blockedUntil} />.</>}
        </p>
      )}
      <SenderRecords records={records} checkedAt={checkedAt} channel={channel} />
    </li>
  );
}
