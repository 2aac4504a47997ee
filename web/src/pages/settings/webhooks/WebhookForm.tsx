import { Button } from '@mantine/core';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { CreateWebhookDocument, UpdateWebhookDocument, type WebhookEvent, type WebhookRowFragment } from '../../../graphql/graphql.ts';
import { CheckField, Form, FormActions } from '../../../parts/Field.tsx';
import { toast } from '../../../parts/toasts.ts';
import { FormText } from '../../../parts/form/fields.tsx';
import { Outcome } from '../../../parts/form/Outcome.tsx';
import { type SaveOutcome, useForm } from '../../../parts/form/useForm.ts';
import { webhookEvents } from '../search.ts';
import { eventSays } from './events.ts';
import classes from './Webhooks.module.css';

type Props = {
  /** absent: a new one */
  webhook?: WebhookRowFragment;
  created: (fresh: { url: string; secret: string }) => void;
  close: () => void;
};

/** Where a webhook is, and what it is told. */
export function WebhookForm({ webhook, created, close }: Props) {
  const client = useClient();
  const form = useForm({
    stored: { url: webhook?.url ?? '', events: webhook?.events.join(' ') ?? '' },
    check: (name, text) => (name === 'url' ? urlProblem(text) : text === '' ? 'Choose an event at least. To tell it nothing, disable the webhook.' : null),
    send: async ({ changed, text }) => {
      const events = text('events').split(' ') as WebhookEvent[];
      const outcome = webhook
        ? await update({ id: webhook.id, ...(changed.includes('url') && { url: text('url').trim() }), ...(changed.includes('events') && { events }) })
        : await create({ url: text('url').trim(), events });
      if (!outcome.error && (outcome.refusals ?? []).length === 0) {
        refetch(client, ['Webhooks', 'WebhookDeliveries']);
        close();
      }
      return outcome;
    },
  });

  async function create(input: { url: string; events: WebhookEvent[] }): Promise<SaveOutcome> {
    const { data, error } = await client.mutation(CreateWebhookDocument, { input }).toPromise();
    if (data?.createWebhook.secret) created({ url: input.url, secret: data.createWebhook.secret });
    return { refusals: data?.createWebhook.userErrors, error };
  }

  async function update(input: { id: string; url?: string; events?: WebhookEvent[] }): Promise<SaveOutcome> {
    const { data, error } = await client.mutation(UpdateWebhookDocument, { input }).toPromise();
    if (data?.updateWebhook.webhook) toast('Webhook saved');
    return { refusals: data?.updateWebhook.userErrors, error };
  }

  const chosen = form.text('events').split(' ').filter(Boolean);
  const isWhole = form.text('url').trim() !== '' && chosen.length > 0;
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) void form.save();
      }}
    >
      <FormText form={form} name="url" label="Address" hint="http or https; events are posted there as JSON, signed." type="url" data-autofocus />
      <fieldset className={classes['events']}>
        <legend>Events</legend>
        {webhookEvents.map((event) => (
          <CheckField
            key={event}
            label={eventSays[event]}
            checked={chosen.includes(event)}
            onChange={({ currentTarget }) => form.set({ events: webhookEvents.filter((one) => (one === event ? currentTarget.checked : chosen.includes(one))).join(' ') })}
          />
        ))}
        {form.problem('events') && <p className={classes['problem']}>{form.problem('events')}</p>}
      </fieldset>
      <Outcome of={{ refusals: form.refusals, error: form.failure }} title="Nothing was saved" />
      <FormActions>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={form.saving} disabled={!isWhole || form.changed.length === 0}>
          {webhook ? 'Save' : 'Make the webhook'}
        </Button>
      </FormActions>
    </Form>
  );
}

function urlProblem(text: string): string | null {
  const url = URL.parse(text.trim());
  return url && /^https?:$/.test(url.protocol) ? null : 'Give an address that begins with https:// or http://.';
}
