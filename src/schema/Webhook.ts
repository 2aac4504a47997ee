import { Field, Int, ObjectType } from 'type-graphql';
import { DeliveryState, WebhookEvent } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import { describeEnum } from './enums.ts';
import { Json } from './json.ts';
import { Node } from './Node.ts';
import { UrlScalar } from './url.ts';

describeEnum(WebhookEvent, 'WebhookEvent', 'What webhooks can be told; more values may be added.', {
  MESSAGE_SENT: 'A message was sent: message.sent.',
  MESSAGE_REPLIED: 'Somebody answered a message: message.replied.',
  MESSAGE_BOUNCED: 'A message could not be delivered: message.bounced.',
  MESSAGE_COMPLAINED: 'A message was marked as spam: message.complained.',
  JOB_FINISHED: 'A job ended, however it did: job.finished.',
  SCHEMA_BROKEN: 'The database schema lacks something that operations need: schema.broken.',
});
describeEnum(DeliveryState, 'DeliveryState', 'How far an event has come on its way to a webhook.', {
  WAITING: 'It is tried at `dueAt`, or just now.',
  DELIVERED: 'The receiver took it.',
  FAILED: 'Given up after the last attempt.',
});

@ObjectType({ implements: Node, description: 'An address that is told of events; its secret is shown once, when it is made.', simpleResolvers: true })
export class Webhook extends Node {
  @Field(() => UrlScalar, { description: 'Where events are posted to.' })
  url!: string;

  @Field(() => [WebhookEvent], { description: 'What it is told.' })
  events!: WebhookEvent[];

  @Field({ description: 'False: nothing is recorded for it, and what waits stays waiting. A receiver that answers 410 disables its webhook.' })
  enabled!: boolean;

  @Field(() => String, { nullable: true, description: 'Who made it.' })
  createdBy?: string | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}

export const WebhookConnection = connectionOf(Webhook, 'Webhook', 'webhooks');

@ObjectType({ implements: Node, description: 'One event on its way to one webhook.', simpleResolvers: true })
export class WebhookDelivery extends Node {
  @Field({ description: 'The header webhook-id, by which a receiver knows a repetition; one event has one for all webhooks.' })
  eventId!: string;

  @Field(() => WebhookEvent, { description: 'What happened.' })
  event!: WebhookEvent;

  @Field(() => Json, { description: 'The `data` of the body: ids and states, no personal data.' })
  payload!: object;

  @Field(() => DeliveryState, { description: 'How far it has come.' })
  state!: DeliveryState;

  @Field(() => Int, { description: 'How often it was tried; 12 at most.' })
  attempts!: number;

  @Field(() => DateTime, { description: 'Not tried before this.' })
  dueAt!: Date;

  @Field(() => Int, { nullable: true, description: 'What the receiver answered last; null when it did not answer.' })
  httpStatus?: number | null;

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed.' })
  error?: string | null;

  @Field(() => DateTime, { description: 'When the event happened.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was taken or given up.' })
  finishedAt?: Date | null;
}

export const WebhookDeliveryConnection = connectionOf(WebhookDelivery, 'WebhookDelivery', 'deliveries');
