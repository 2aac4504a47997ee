import type { Webhook } from '../entities/Webhook.ts';
import type { WebhookDelivery } from '../entities/WebhookDelivery.ts';
import { expression, properties, type ReadModel } from './readModel.ts';

const createdAt = { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] } as const;

/** Never their secrets. */
export const webhooks: ReadModel<'CREATED_AT'> = {
  type: 'Webhook',
  sources: [
    {
      table: 'webhooks',
      from: 'webhooks t',
      key: 't.id',
      fields: properties<Webhook>('webhooks', 'url', 'events', 'enabled', 'createdBy', 'createdAt', 'updatedAt'),
    },
  ],
  orders: { CREATED_AT: createdAt },
};

export const webhookDeliveries: ReadModel<'CREATED_AT'> = {
  type: 'WebhookDelivery',
  sources: [
    {
      table: 'webhook_deliveries',
      from: 'webhook_deliveries t',
      key: 't.id',
      fields: {
        ...properties<WebhookDelivery>(
          'webhook_deliveries', 'eventId', 'event', 'payload', 'state', 'attempts', 'dueAt', 'httpStatus', 'error', 'createdAt', 'finishedAt',
        ),
        webhook: expression('webhook_deliveries', 't.webhook_id', 'webhook_id'),
      },
    },
  ],
  orders: { CREATED_AT: createdAt },
};
