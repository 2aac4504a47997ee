import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { IdempotencyKeys } from '../../api/idempotencyKeys.ts';
import { useAnswer } from '../../api/useAnswer.ts';
import { type Channel, FollowUpDefaultsDocument, StartFollowUpsDocument } from '../../graphql/graphql.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Form, FormActions, SelectField, TextArea, TextField } from '../../parts/Field.tsx';
import { plural } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { UserErrors } from '../../parts/UserErrors.tsx';
import classes from './Drafts.module.css';

const mostDays = 365;

/** Starts drafting for everybody who was written to and has not answered; the drafts are reviewed like all others. */
export function FollowUpForm({ channel: given, close }: { channel: Channel | undefined; close: () => void }) {
  const navigate = useNavigate();
  const [channel, setChannel] = useState<Channel>(given ?? 'EMAIL');
  const [days, setDays] = useState('4');
  const [typed, setTyped] = useState<string | null>(null);
  const keys = useRef(new IdempotencyKeys());
  const [{ data, error, fetching: busy }, start] = useMutation(StartFollowUpsDocument);
  const defaults = useAnswer(FollowUpDefaultsDocument, {}, ({ settings }) => settings).value;
  const body = typed ?? (channel === 'EMAIL' ? defaults?.followUpEmail.body : defaults?.followUpSocial.body) ?? '';
  const afterDays = Number(days);
  const isRight = days.trim() !== '' && Number.isInteger(afterDays) && afterDays >= 0 && afterDays <= mostDays;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!isRight || busy) return;
    const input = { channel, afterDays, bodyTemplate: typed?.trim() ? typed : undefined };
    const answer = await start({ input: { ...input, idempotencyKey: keys.current.for(input) } });
    const { job, userErrors } = answer.data?.followUp ?? { job: null, userErrors: [] };
    if (job && userErrors.length === 0) await navigate({ to: '/jobs/$id', params: { id: job.id } });
  }

  return (
    <Form onSubmit={(event) => void submit(event)}>
      <p className={classes['lead']}>
        A draft for everybody who was written to, has not answered and may still be written to
        {defaults ? `, ${plural(defaults.followUp.maximum, 'follow-up')} each at most` : ''}. Nothing leaves before it is approved.
      </p>
      {defaults?.followUp.maximum === 0 && <Notice tone="warn" title="The settings forbid follow-ups" />}
      <SelectField label="Channel" value={channel} data-autofocus onChange={({ currentTarget }) => setChannel(currentTarget.value === 'SOCIAL' ? 'SOCIAL' : 'EMAIL')}>
        <option value="EMAIL">E-mail</option>
        <option value="SOCIAL">Social</option>
      </SelectField>
      <TextField
        label="Days without a reply"
        inputMode="numeric"
        value={days}
        problem={isRight ? null : `A whole number from 0 to ${mostDays}.`}
        onChange={({ currentTarget }) => setDays(currentTarget.value)}
      />
      <TextArea
        label="Text"
        hint="Liquid over the prospect's fields, such as {{ displayName }}. The subject stays that of the first message."
        value={body}
        code
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <UserErrors errors={data?.followUp.userErrors ?? []} title="No job was started" />
      {error && <Failure title="No job was started" error={error} />}
      <FormActions>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={!isRight}>
          Draft follow-ups
        </Button>
      </FormActions>
    </Form>
  );
}
