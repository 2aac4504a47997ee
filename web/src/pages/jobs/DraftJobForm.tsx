import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { type Drafter, DraftTargetsDocument, type DraftTargetsQueryVariables, StartDraftJobDocument, type StartDraftJobMutation } from '../../graphql/graphql.ts';
import { DraftPreview } from '../../parts/DraftPreview.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Form, FormActions, SelectField, TextArea, TextField } from '../../parts/Field.tsx';
import { useSeenCount } from '../../parts/form/useSeenCount.ts';
import { plural } from '../../parts/format.ts';
import { Notice } from '../../parts/Notice.tsx';
import { UserErrors } from '../../parts/UserErrors.tsx';
import { IdempotencyKeys } from '../../api/idempotencyKeys.ts';
import classes from './StartDraftJob.module.css';
import { useTexts } from './useTexts.ts';

/** Whom an e-mail draft can be written for: approved, with an address, and without a draft yet. */
const targets = { reviewStatus: ['APPROVED'], draftStatus: ['NONE'], hasEmail: true } satisfies DraftTargetsQueryVariables['filter'];

type UserError = StartDraftJobMutation['startDraftJob']['userErrors'][number];

/** Over whom, with which text, written by what; and what that becomes for one of them. */
export function DraftJobForm({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const texts = useTexts();
  const { subject, body } = texts;
  const [drafter, setDrafter] = useState<Drafter>('LIQUID');
  const [refusals, setRefusals] = useState<readonly UserError[]>([]);
  const keys = useRef(new IdempotencyKeys());
  const [found, recount] = useQuery({ query: DraftTargetsDocument, variables: { filter: targets }, requestPolicy: 'network-only' });
  const [started, start] = useMutation(StartDraftJobDocument);
  const { count: expectedCount, renew } = useSeenCount(found.data?.prospects?.totalCount ?? null);
  const example = found.data?.prospects?.nodes[0];

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!expectedCount || started.fetching) return;
    const input = { channel: 'EMAIL', filter: targets, subjectTemplate: subject || null, bodyTemplate: body || null, drafter, expectedCount } as const;
    const { data } = await start({ input: { ...input, idempotencyKey: keys.current.for(input) } });
    if (!data) return;
    const { job, userErrors } = data.startDraftJob;
    setRefusals(userErrors);
    if (job && userErrors.length === 0) return navigate({ to: '/jobs/$id', params: { id: job.id } });
    if (!userErrors.some(({ code }) => code === 'STALE')) return;
    renew();
    recount({ requestPolicy: 'network-only' });
  }

  return (
    <Form onSubmit={(event) => void submit(event)}>
      {found.error && <Failure title="The number of prospects could not be read" error={found.error} retry={() => recount({ requestPolicy: 'network-only' })} />}
      {expectedCount === 0 && (
        <Notice tone="warn" title="No prospect is waiting for a draft">
          <p>Approve prospects that have an e-mail address first.</p>
        </Notice>
      )}
      <p className={classes['lead']} aria-live="polite">
        {expectedCount ? (
          <>
            One draft for each of the <strong>{plural(expectedCount, 'approved prospect')}</strong> with an e-mail address and no draft yet.
          </>
        ) : (
          found.fetching && 'Counting the prospects …'
        )}
      </p>
      {texts.templates.length > 0 && (
        <SelectField label="Template" value={texts.template} onChange={(event) => texts.choose(event.currentTarget.value)}>
          <option value="">Default of the settings</option>
          {texts.templates.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      <TextField label="Subject" value={subject} dir="auto" onChange={(event) => texts.type({ subject: event.currentTarget.value })} />
      <TextArea
        label="Text"
        hint="Liquid over the prospect's fields: displayName, username, email, bioText, profileUrl, tags. One without a value fails that draft, unless it has a default."
        value={body}
        dir="auto"
        onChange={(event) => texts.type({ body: event.currentTarget.value })}
        code
      />
      <SelectField label="Written by" value={drafter} onChange={(event) => setDrafter(event.currentTarget.value as Drafter)}>
        <option value="LIQUID">The text itself</option>
        <option value="LANGUAGE_MODEL">A language model that the text instructs</option>
      </SelectField>
      {example && drafter === 'LIQUID' && !texts.fetching && <DraftPreview prospect={example} subjectTemplate={subject} bodyTemplate={body} />}
      <UserErrors errors={refusals} title="No job was started" />
      {started.error && <Failure title="The job was not started" error={started.error} />}
      <FormActions>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={started.fetching} disabled={!expectedCount}>
          {expectedCount ? `Write ${plural(expectedCount, 'draft')}` : 'Write drafts'}
        </Button>
      </FormActions>
    </Form>
  );
}
