import { Button } from '@mantine/core';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { type DeliveryRowFragment, type DeliveryState, RedeliverWebhookDocument } from '../../../graphql/graphql.ts';
import { words } from '../../../parts/format.ts';
import parts from '../../../parts/parts.module.css';
import { actions, Table } from '../../../parts/Table.tsx';
import { Time } from '../../../parts/Time.tsx';
import { toast } from '../../../parts/toasts.ts';
import { Tone, type ToneName } from '../../../parts/Tone.tsx';
import { Outcome } from '../../../parts/form/Outcome.tsx';
import { useAction } from '../../../parts/form/useAction.ts';
import type { SaveOutcome } from '../../../parts/form/useForm.ts';
import { eventSays } from './events.ts';
import classes from './Webhooks.module.css';

const tones: Record<DeliveryState, ToneName> = { WAITING: 'warn', DELIVERED: 'good', FAILED: 'bad' };
const attemptsAtMost = 12;

/** One event on its way to one webhook a row, and what the receiver said. */
export function DeliveryTable({ deliveries }: { deliveries: readonly DeliveryRowFragment[] }) {
  const client = useClient();
  const { outcome, run } = useAction();

  async function redeliver({ id, event }: DeliveryRowFragment): Promise<SaveOutcome> {
    const { data, error } = await client.mutation(RedeliverWebhookDocument, { id }).toPromise();
    if (data?.redeliverWebhook.delivery) {
      toast(`“${eventSays[event]}” is on its way again`);
      refetch(client, ['WebhookDeliveries']);
    }
    return { refusals: data?.redeliverWebhook.userErrors, error };
  }

  return (
    <>
      <Outcome of={outcome} />
      <Table of="deliveries" columns={['Event', 'State', 'Answer', 'Happened', actions]}>
        {deliveries.map((delivery) => (
          <tr key={delivery.id}>
            <td>
              {eventSays[delivery.event]}
              <div className={classes['told']}>{delivery.webhook?.url}</div>
            </td>
            <td>
              <Tone tone={tones[delivery.state]}>{words(delivery.state)}</Tone>
              <div className={parts['aside']}>
                {delivery.attempts} of {attemptsAtMost} attempts
              </div>
            </td>
            <td className={classes['answer']}>
              {delivery.error ?? (delivery.httpStatus === null ? '–' : `HTTP ${delivery.httpStatus}`)}
              {delivery.state === 'WAITING' && (
                <div className={parts['aside']}>
                  next attempt <Time at={delivery.dueAt} />
                </div>
              )}
              <details>
                <summary>What it is told</summary>
                <pre>{JSON.stringify(delivery.payload, null, 2)}</pre>
              </details>
            </td>
            <td>
              <Time at={delivery.createdAt} />
            </td>
            <td>
              <div className={classes['buttons']}>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${delivery.state === 'WAITING' ? 'Try now' : 'Send again'}: ${eventSays[delivery.event]} to ${delivery.webhook?.url ?? 'its webhook'}`}
                  onClick={() => void run(() => redeliver(delivery))}
                >
                  {delivery.state === 'WAITING' ? 'Try now' : 'Send again'}
                </Button>
              </div>
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}
