import type { Needs } from './needs.ts';
import { activity } from './parts.ts';

/** What telling somebody needs: without it a delivery would wait for ever. */
const deliver: Needs = {
  tables: {
    webhooks: { select: 'id url secret enabled', update: 'enabled' },
    webhook_deliveries: {
      select: 'id webhook_id event_id event payload state due_at attempts created_at', update: 'state attempts due_at http_status error finished_at', lock: true,
    },
  },
  objects: ['delivery_state=waiting', 'delivery_state=delivered', 'delivery_state=failed'],
};

/** Of operations on webhooks. */
export const webhookTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.createWebhook': [activity, deliver, { tables: { webhooks: { insert: 'id url events secret created_by' } } }],
  'Mutation.updateWebhook': [activity, { tables: { webhooks: { select: 'id url events enabled', update: 'url events enabled' } } }],
  'Mutation.deleteWebhook': [activity, {
    tables: { webhooks: { select: 'id', delete: true }, webhook_deliveries: { cascade: true } },
    objects: ['webhook_deliveries#webhook_deliveries_webhook_id_foreign'],
  }],
  'Mutation.redeliverWebhook': [activity, deliver],
};
