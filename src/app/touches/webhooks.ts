import type { Needs } from './needs.ts';
import { activity } from './parts.ts';

/** Of operations on webhooks. */
export const webhookTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.createWebhook': [activity, { tables: { webhooks: { insert: 'id url events secret created_by' } } }],
  'Mutation.updateWebhook': [activity, { tables: { webhooks: { select: 'id url events enabled', update: 'url events enabled' } } }],
  'Mutation.deleteWebhook': [activity, {
    tables: { webhooks: { select: 'id', delete: true }, webhook_deliveries: { cascade: true } },
    objects: ['webhook_deliveries#webhook_deliveries_webhook_id_foreign'],
  }],
  'Mutation.redeliverWebhook': [activity, {
    tables: { webhook_deliveries: { select: 'id webhook_id state attempts', update: 'state attempts due_at finished_at' } },
    objects: ['delivery_state=waiting'],
  }],
};
