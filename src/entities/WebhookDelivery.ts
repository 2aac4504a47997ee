import { Entity, Enum, Index, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { DeliveryState } from '../domain/enums.ts';
import { Record, timestamp } from './Record.ts';
import { Webhook } from './Webhook.ts';

/** One event on its way to one webhook; written in the transaction that made the event. */
@Entity({ tableName: 'webhook_deliveries' })
@Unique({ name: 'webhook_deliveries_event', properties: ['webhook', 'eventId'] })
@Index({ name: 'webhook_deliveries_created_at', properties: ['createdAt', 'id'] })
@Index({ name: 'webhook_deliveries_due', expression: `create index "webhook_deliveries_due" on "webhook_deliveries" ("webhook_id", "due_at") where "state" = 'waiting'` })
export class WebhookDelivery extends Record {
  @ManyToOne({ entity: () => Webhook, deleteRule: 'cascade' })
  webhook!: Webhook;

  @Property({ type: 'uuid' })
  eventId!: string;

  @Property({ type: 'text' })
  event!: string;

  /** Ids and states, no personal data. */
  @Property({ type: 'json' })
  payload!: { [name: string]: unknown };

  @Enum({ items: () => DeliveryState, nativeEnumName: 'delivery_state', default: DeliveryState.WAITING })
  state: DeliveryState = DeliveryState.WAITING;

  @Property({ type: 'integer', default: 0 })
  attempts: number = 0;

  /** Not before; a claim moves it on, so that a dead worker's is tried again. */
  @Property({ ...timestamp, defaultRaw: 'now()' })
  dueAt: Date = new Date();

  @Property({ type: 'integer', nullable: true })
  httpStatus?: number | null;

  @Property({ type: 'text', nullable: true })
  error?: string | null;

  @Property({ ...timestamp, nullable: true })
  finishedAt?: Date | null;
}
