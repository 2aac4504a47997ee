import type { SendersQuery } from '../../../graphql/graphql.ts';
import { Time } from '../../../parts/Time.tsx';
import { Tone } from '../../../parts/Tone.tsx';
import parts from '../../../parts/parts.module.css';
import classes from './Sending.module.css';

type Sender = NonNullable<SendersQuery['senders']>[number];

/** What the DNS says of a sender's domain, and what to do about it. */
export function SenderRecords({ records, checkedAt, channel }: Pick<Sender, 'records' | 'checkedAt' | 'channel'>) {
  if (channel === 'SOCIAL') return null;
  if (records.length === 0) return <p className={parts['aside']}>SPF, DKIM, DMARC and MX are looked up before the first message.</p>;
  return (
    <>
      <dl className={classes['records']}>
        {records.map(({ kind, found, problem }) => (
          <Entry key={kind} kind={kind} found={found} problem={problem} />
        ))}
      </dl>
      {checkedAt && (
        <p className={parts['aside']} style={{ margin: 0 }}>
          Looked up <Time at={checkedAt} />.
        </p>
      )}
    </>
  );
}

function Entry({ kind, found, problem }: Sender['records'][number]) {
  return (
    <>
      <dt>
        <Tone tone={problem ? 'warn' : 'good'}>{kind}</Tone>
      </dt>
      <dd>
        {problem ?? 'Fine.'}
        {found && (
          <details>
            <summary>The record</summary>
            <span className={parts['mono']}>{found}</span>
          </details>
        )}
      </dd>
    </>
  );
}
