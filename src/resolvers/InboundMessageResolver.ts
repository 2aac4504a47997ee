import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listInboundMessages } from '../queries/lists.ts';
import { InboundMessage, InboundMessageConnection, InboundMessagesArgs, ReclassifyInboundInput, ReclassifyInboundPayload } from '../schema/InboundMessage.ts';
import { Message } from '../schema/Message.ts';
import { Prospect } from '../schema/Prospect.ts';
import { reclassifyInbound } from '../services/replies/reclassifyInbound.ts';
import type { Context } from './context.ts';
import { withUserErrors } from './userErrors.ts';

@Resolver(() => InboundMessage)
export class InboundMessageResolver {
  @Query(() => InboundMessageConnection, { nullable: true, description: 'Mails that came in, newest first.' })
  inboundMessages(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => InboundMessagesArgs) args: InboundMessagesArgs): Promise<Connection> {
    return listInboundMessages(db, args, info);
  }

  @Mutation(() => ReclassifyInboundPayload, { description: 'Looks again at kept mails that an older version of Outrider has classified; what a person decided since stays.' })
  async reclassifyInbound(
    @Ctx() context: Context,
    @Arg('input', () => ReclassifyInboundInput, { description: 'How much.' }) { limit }: ReclassifyInboundInput,
  ): Promise<ReclassifyInboundPayload> {
    const { result, userErrors } = await withUserErrors(() => reclassifyInbound(context.services(), { limit: limit ?? undefined }));
    context.refresh();
    return { lookedAt: 0, changed: 0, remaining: 0, ...result, userErrors: [...userErrors] };
  }

  @FieldResolver(() => Message, { nullable: true, description: 'The message that it is about.' })
  message(@Root() mail: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Message', mail['message'], info);
  }

  @FieldResolver(() => Prospect, { nullable: true, description: 'Whom that message was for.' })
  prospect(@Root() mail: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Prospect', mail['prospect'], info);
  }
}
