import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listWebhookDeliveries, listWebhooks } from '../queries/lists.ts';
import { PageArgs } from '../schema/PageArgs.ts';
import { Webhook, WebhookConnection, WebhookDelivery, WebhookDeliveryConnection } from '../schema/Webhook.ts';
import {
  CreateWebhookInput, DeleteWebhookInput, RedeliverWebhookInput, UpdateWebhookInput, WebhookDeliveriesArgs, WebhookDeliveryPayload, WebhookPayload,
} from '../schema/webhookInputs.ts';
import { deleteRow } from '../services/deleteRow.ts';
import { createWebhook } from '../services/webhooks/createWebhook.ts';
import { redeliverWebhook } from '../services/webhooks/redeliverWebhook.ts';
import { updateWebhook } from '../services/webhooks/updateWebhook.ts';
import type { Context } from './context.ts';
import { answerEntity, requireUuid, type EntityAnswer, withUserErrors } from './userErrors.ts';

@Resolver(() => WebhookPayload)
export class WebhookResolver {
  @Query(() => WebhookConnection, { nullable: true, description: 'Who is told of events, newest first.' })
  webhooks(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => PageArgs) args: PageArgs): Promise<Connection> {
    return listWebhooks(db, args, info);
  }

  @Mutation(() => WebhookPayload, { description: 'Makes a webhook, and shows its secret this once.' })
  async createWebhook(
    @Ctx() context: Context,
    @Arg('input', () => CreateWebhookInput, { description: 'Whom to tell what.' }) input: CreateWebhookInput,
  ): Promise<EntityAnswer & { secret: string | null }> {
    const { result, userErrors } = await withUserErrors(() => createWebhook(context.services(), input));
    return { key: result?.id ?? null, secret: result?.secret ?? null, userErrors };
  }

  @Mutation(() => WebhookPayload, { description: 'Changes a webhook, disables or enables it; its secret stays.' })
  updateWebhook(
    @Ctx() context: Context,
    @Arg('input', () => UpdateWebhookInput, { description: 'What changes.' }) { id, ...input }: UpdateWebhookInput,
  ): Promise<EntityAnswer> {
    return answerEntity(context, async () => {
      const webhookId = requireUuid('Webhook', id, 'id');
      await updateWebhook(context.services(), { ...input, webhookId });
      return webhookId;
    });
  }

  @Mutation(() => WebhookPayload, { description: 'Deletes a webhook and its deliveries.' })
  deleteWebhook(
    @Ctx() context: Context,
    @Arg('input', () => DeleteWebhookInput, { description: 'Which one.' }) { id }: DeleteWebhookInput,
  ): Promise<EntityAnswer> {
    return answerEntity(context, async () => {
      await deleteRow(context.services(), 'Webhook', requireUuid('Webhook', id, 'id'));
      return null;
    });
  }

  @FieldResolver(() => Webhook, { nullable: true, description: 'The webhook as it is now; null when it is gone, or was never made.' })
  webhook(@Root() { key }: EntityAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Webhook', key, info);
  }
}

@Resolver(() => WebhookDeliveryPayload)
export class WebhookDeliveryMutations {
  @Mutation(() => WebhookDeliveryPayload, { description: 'Sends an event to its webhook again, now.' })
  redeliverWebhook(
    @Ctx() context: Context,
    @Arg('input', () => RedeliverWebhookInput, { description: 'Which delivery.' }) { id }: RedeliverWebhookInput,
  ): Promise<EntityAnswer> {
    return answerEntity(context, async () => {
      const deliveryId = requireUuid('WebhookDelivery', id, 'id');
      await redeliverWebhook(context.services(), deliveryId);
      return deliveryId;
    });
  }

  @FieldResolver(() => WebhookDelivery, { nullable: true, description: 'The delivery as it is now.' })
  delivery(@Root() { key }: EntityAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'WebhookDelivery', key, info);
  }
}

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @Query(() => WebhookDeliveryConnection, { nullable: true, description: 'What webhooks were told, or will be, newest first.' })
  webhookDeliveries(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => WebhookDeliveriesArgs) args: WebhookDeliveriesArgs): Promise<Connection> {
    return listWebhookDeliveries(db, args, info);
  }

  @FieldResolver(() => Webhook, { nullable: true, description: 'Where it goes.' })
  webhook(@Root() delivery: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Webhook', delivery['webhook'], info);
  }
}
