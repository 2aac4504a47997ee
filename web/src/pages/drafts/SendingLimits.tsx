import { useAnswer } from '../../api/useAnswer.ts';
import { type Channel, SendingLimitsDocument, type SendingLimitsQuery, type SendingRulesFragment } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { count, duration, plural } from '../../parts/format.ts';
import table from '../../parts/parts.module.css';
import { Time } from '../../parts/Time.tsx';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** How fast messages of a channel may leave, so that nobody wonders why they wait. */
export function SendingLimits({ channel, sending }: { channel: Channel; sending: number }) {
  const limits = useAnswer(SendingLimitsDocument, {}, (data) => data);
  return (
    <Answered of={limits} what="the limits of sending" rows={3}>
      {({ settings, senders }) => {
        const rules = channel === 'EMAIL' ? settings?.sendingEmail : settings?.sendingSocial;
        return (
          <dl className={table['facts']}>
            <Senders senders={senders} channel={channel} />
            {rules && <Rules rules={rules} sending={sending} />}
          </dl>
        );
      }}
    </Answered>
  );
}

function Senders({ senders, channel }: { senders: SendingLimitsQuery['senders']; channel: Channel }) {
  const ours = senders?.filter((sender) => sender.channel === channel) ?? [];
  if (!senders) return null;
  return (
    <>
      <dt>From</dt>
      <dd>
        {ours.length === 0 && (channel === 'EMAIL' ? 'Nobody yet: e-mail is not configured.' : 'Through the webhook, or by hand on the Messages page.')}
        {ours.map(({ address, sentToday, dailyCap, blockedBy, blockedUntil }) => (
          <div key={address}>
            {address}
            <div className={table['aside']}>
              {count(sentToday)} of {count(dailyCap)} have left today.
              {blockedBy && (
                <>
                  {' '}
                  Held: {blockedBy} {blockedUntil && <Time at={blockedUntil} />}
                </>
              )}
            </div>
          </div>
        ))}
      </dd>
    </>
  );
}

function Rules({ rules: { dailyCap, minimumGapSeconds, window }, sending }: { rules: SendingRulesFragment; sending: number }) {
  const days = dailyCap > 0 ? Math.ceil(sending / dailyCap) : null;
  return (
    <>
      <dt>Pace</dt>
      <dd>
        {dailyCap === 0 ? 'The daily cap is 0: nothing leaves until the settings allow it.' : `${plural(dailyCap, 'message')} a day at most`}
        {dailyCap > 0 && minimumGapSeconds > 0 && `, ${duration(minimumGapSeconds * 1_000)} between two`}
        {days !== null && days > 1 && `: about ${plural(days, 'day')} for these`}
        {dailyCap > 0 && '.'}
      </dd>
      <dt>Hours</dt>
      <dd>
        {window
          ? `${window.days.toSorted().map((day) => weekdays[day - 1]).join(', ')} from ${window.from} to ${window.to} (${window.timeZone})`
          : 'At any time'}
      </dd>
    </>
  );
}
