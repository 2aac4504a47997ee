import { Button, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { DeleteWebhookDocument, UpdateWebhookDocument, type WebhookRowFragment } from '../../../graphql/graphql.ts';
import { actions, Table } from '../../../parts/Table.tsx';
import { Time } from '../../../parts/Time.tsx';
import { toast } from '../../../parts/toasts.ts';
import { Tone } from '../../../parts/Tone.tsx';
import { Confirm } from '../../../parts/form/Confirm.tsx';
import { Outcome } from '../../../parts/form/Outcome.tsx';
import { useAction } from '../../../parts/form/useAction.ts';
import type { SaveOutcome } from '../../../parts/form/useForm.ts';
import { eventSays } from './events.ts';
import classes from './Webhooks.module.css';

type Props = {
  webhooks: readonly WebhookRowFragment[];
  /** the one whose deliveries are shown */
  chosen: string | undefined;
  choose: (id: string | undefined) => void;
  edit: (webhook: WebhookRowFragment) => void;
};

/** One webhook a row; a click on its address shows only its deliveries. */
export function WebhookTable({ webhooks, chosen, choose, edit }: Props) {
  const client = useClient();
  const { outcome, run } = useAction();
  const [removed, setRemoved] = useState<WebhookRowFragment>();

  async function turn({ id, url }: WebhookRowFragment, enabled: boolean): Promise<SaveOutcome> {
    const { data, error } = await client.mutation(UpdateWebhookDocument, { input: { id, enabled } }).toPromise();
    if (data?.updateWebhook.webhook) toast(`${url} is ${enabled ? 'enabled' : 'disabled'}`);
    return { refusals: data?.updateWebhook.userErrors, error };
  }

  async function remove(): Promise<SaveOutcome> {
    if (!removed) return {};
    const { data, error } = await client.mutation(DeleteWebhookDocument, { id: removed.id }).toPromise();
    const refusals = data?.deleteWebhook.userErrors ?? [];
    if (!error && refusals.length === 0) {
      if (chosen === removed.id) choose(undefined);
      refetch(client, ['Webhooks', 'WebhookDeliveries']);
      toast('Webhook deleted');
    }
    return { refusals, error };
  }

  return (
    <>
      <Outcome of={outcome} />
      <Table of="webhooks" columns={['Address', 'State', 'Changed', actions]}>
        {webhooks.map((webhook) => (
          <tr key={webhook.id} data-row-of={webhook.id} data-current={chosen === webhook.id || undefined}>
            <td className={classes['url']}>
              <UnstyledButton
                data-row={webhook.id}
                aria-pressed={chosen === webhook.id}
                aria-label={`${webhook.url}: only its deliveries`}
                onClick={() => choose(chosen === webhook.id ? undefined : webhook.id)}
              >
                {webhook.url}
              </UnstyledButton>
              <div className={classes['told']}>{webhook.events.map((event) => eventSays[event]).join(', ')}</div>
            </td>
            <td>
              <Tone tone={webhook.enabled ? 'good' : 'quiet'}>{webhook.enabled ? 'Enabled' : 'Disabled'}</Tone>
            </td>
            <td>
              <Time at={webhook.updatedAt} />
            </td>
            <td>
              <div className={classes['buttons']}>
                <Button size="compact-sm" variant="default" aria-label={`Edit ${webhook.url}`} onClick={() => edit(webhook)}>
                  Edit
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${webhook.enabled ? 'Disable' : 'Enable'} ${webhook.url}`}
                  onClick={() => void run(() => turn(webhook, !webhook.enabled))}
                >
                  {webhook.enabled ? 'Disable' : 'Enable'}
                </Button>
                <Button size="compact-sm" variant="subtle" color="red" aria-label={`Delete ${webhook.url}`} onClick={() => setRemoved(webhook)}>
                  Delete
                </Button>
              </div>
            </td>
          </tr>
        ))}
      </Table>
      <Confirm title="Delete the webhook?" opened={removed !== undefined} close={() => setRemoved(undefined)} label="Delete it" act={remove}>
        <p style={{ margin: 0, overflowWrap: 'anywhere' }}>
          {removed?.url} is told nothing any more. What waits for it, and what it was told so far, is forgotten; its secret too. To pause it, disable it.
        </p>
      </Confirm>
    </>
  );
}
