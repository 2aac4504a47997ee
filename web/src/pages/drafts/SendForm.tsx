import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { IdempotencyKeys } from '../../api/idempotencyKeys.ts';
import { useAnswer } from '../../api/useAnswer.ts';
import { type Channel, SendableDocument, SendMessagesDocument, type SendMessagesMutation } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Form, FormActions, SelectField, TextField } from '../../parts/Field.tsx';
import { useSeenCount } from '../../parts/form/useSeenCount.ts';
import { plural } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { UserErrors } from '../../parts/UserErrors.tsx';
import classes from './Drafts.module.css';
import type { ReadDraft } from './readDraft.ts';
import { SendCount } from './SendCount.tsx';
import { SendingLimits } from './SendingLimits.tsx';
import { SendStarted } from './SendStarted.tsx';

type Props = { drafts: readonly ReadDraft[] | null; channel: Channel | undefined; job: string | undefined; close: () => void };
type Answer = SendMessagesMutation['sendMessages'];

const mostNamed = 1_000;

/** Confirms how many drafts leave, and within which limits; the server refuses another number than the one that stands here. */
export function SendForm({ drafts: named, channel: given, job, close }: Props) {
  const navigate = useNavigate();
  const [channel, setChannel] = useState<Channel>(named?.[0]?.channel ?? given ?? 'EMAIL');
  const drafts = named && named.filter((draft) => draft.channel === channel);
  const isMixed = named !== null && new Set(named.map((draft) => draft.channel)).size > 1;
  const [most, setMost] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [{ error, fetching: busy }, send] = useMutation(SendMessagesDocument);
  const keys = useRef(new IdempotencyKeys());
  const sendable = useAnswer(SendableDocument, { channel, jobId: job }, (data) => data.approved && data, { pause: drafts !== null });

  const { count: approved, renew } = useSeenCount(sendable.value?.approved?.totalCount ?? null, JSON.stringify([channel, job]));
  const total = drafts ? drafts.length : approved;
  const limit = most.trim() === '' ? null : Number(most);
  const isLimitRight = limit === null || (Number.isSafeInteger(limit) && limit > 0);
  const leaving = total === null ? null : Math.min(total, limit ?? total);
  const canSend = leaving !== null && leaving > 0 && isLimitRight && (!drafts || drafts.length <= mostNamed);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!canSend || busy) return;
    const chosen = drafts ? { draftIds: drafts.map(({ id }) => id) } : { expectedCount: leaving, jobId: job, limit: limit ?? undefined };
    const input = { channel, ...chosen };
    const { data } = await send({ input: { ...input, idempotencyKey: keys.current.for(input) } });
    if (!data) return;
    setAnswer(data.sendMessages);
    const { job: started, userErrors, warnings } = data.sendMessages;
    if (userErrors.some(({ code }) => code === 'STALE')) {
      renew();
      sendable.again();
    }
    if (started && userErrors.length === 0 && warnings.length === 0) await navigate({ to: '/jobs/$id', params: { id: started.id } });
  }

  if (answer?.job && answer.userErrors.length === 0 && answer.warnings.length > 0) return <SendStarted answer={answer} close={close} />;
  return (
    <Form onSubmit={(event) => void submit(event)}>
      {(!named || isMixed) && (
        <SelectField
          label="Channel"
          hint={isMixed && 'One channel at a time.'}
          value={channel}
          data-autofocus
          onChange={({ currentTarget }) => setChannel(currentTarget.value === 'SOCIAL' ? 'SOCIAL' : 'EMAIL')}
        >
          <option value="EMAIL">E-mail</option>
          <option value="SOCIAL">Social</option>
        </SelectField>
      )}
      {drafts ? (
        <p className={classes['lead']}>{drafts.length === 1 ? <>The draft for <bdi>{drafts[0]!.name}</bdi>.</> : `${plural(drafts.length, 'draft')} that you selected.`}</p>
      ) : (
        <>
          <Answered of={sendable} what="the number of approved drafts" rows={1}>
            {({ waiting }) => <SendCount approved={approved} waiting={waiting?.totalCount ?? null} ofJob={job !== undefined} />}
          </Answered>
          <TextField
            label="At most"
            hint="The oldest first; empty for all."
            inputMode="numeric"
            value={most}
            problem={isLimitRight ? null : 'A whole number from 1 on, or nothing.'}
            onChange={({ currentTarget }) => setMost(currentTarget.value)}
          />
        </>
      )}
      {drafts && drafts.length > mostNamed && <Notice tone="warn" title={`${plural(mostNamed, 'draft')} can be named at a time`} />}
      <SendingLimits channel={channel} sending={leaving ?? 0} />
      <UserErrors errors={answer?.userErrors ?? []} title="Nothing was sent" />
      {error && <Failure title="Nothing was sent" error={error} />}
      <FormActions>
        <Button variant="default" onClick={close} data-autofocus={named ? true : undefined}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={!canSend}>
          {leaving === null ? 'Send' : `Send ${plural(leaving, 'draft')}`}
        </Button>
      </FormActions>
    </Form>
  );
}
