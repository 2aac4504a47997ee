import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { DeliveryState, WebhookEvent } from '../domain/enums.ts';
import { PageArgs } from './PageArgs.ts';
import { UrlScalar } from './url.ts';
import { UserError } from './UserError.ts';
import './Webhook.ts';

@InputType({ description: 'A webhook to make.' })
export class CreateWebhookInput {
  @Field(() => UrlScalar, { description: 'Where events are posted to: a public address, or a host that WEBHOOK_ALLOWED_HOSTS names.' })
  url!: string;

  @Field(() => [WebhookEvent], { description: 'What it is told; one at least.' })
  events!: WebhookEvent[];
}

@InputType({ description: 'Changes of a webhook; what is absent stays.' })
export class UpdateWebhookInput {
  @Field(() => ID, { description: 'The webhook.' })
  id!: string;

  @Field(() => UrlScalar, { nullable: true, description: 'Where events are posted to from now on: a public address, or a host that WEBHOOK_ALLOWED_HOSTS names.' })
  url?: string | null;

  @Field(() => [WebhookEvent], { nullable: true, description: 'What it is told from now on; one at least.' })
  events?: WebhookEvent[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is told anything.' })
  enabled?: boolean | null;
}

@InputType({ description: 'The webhook that goes.' })
export class DeleteWebhookInput {
  @Field(() => ID, { description: 'The webhook; what waits for it goes too.' })
  id!: string;
}

@InputType({ description: 'A delivery to try again.' })
export class RedeliverWebhookInput {
  @Field(() => ID, { description: 'The delivery.' })
  id!: string;
}

@ObjectType({ description: 'What became of a webhook.', simpleResolvers: true })
export class WebhookPayload {
  @Field(() => String, { nullable: true, description: 'Signs what is sent to a new webhook. It is shown here and never again; null when none was made.' })
  secret?: string | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a delivery.', simpleResolvers: true })
export class WebhookDeliveryPayload {
  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}

@InputType({ description: 'Which deliveries; every condition that is given must hold.' })
export class WebhookDeliveryFilter {
  @Field(() => ID, { nullable: true, description: 'To this webhook.' })
  webhookId?: string | null;

  @Field(() => [DeliveryState], { nullable: true, description: 'In one of these states.' })
  state?: DeliveryState[] | null;

  @Field(() => [WebhookEvent], { nullable: true, description: 'Of one of these events.' })
  event?: WebhookEvent[] | null;
}

@ArgsType()
export class WebhookDeliveriesArgs extends PageArgs {
  @Field(() => WebhookDeliveryFilter, { nullable: true, description: 'Which deliveries; all when absent.' })
  filter?: WebhookDeliveryFilter | null;
}
