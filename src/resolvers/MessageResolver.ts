import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listMessages } from '../queries/lists.ts';
import { waitingMessages } from '../queries/waitingMessages.ts';
import { Draft } from '../schema/Draft.ts';
import { Job } from '../schema/Job.ts';
import { MessagesArgs } from '../schema/listArgs.ts';
import { Message, MessageConnection, WaitingMessages } from '../schema/Message.ts';
import { Prospect } from '../schema/Prospect.ts';
import { SocialProfile } from '../schema/SocialProfile.ts';
import type { Context } from './context.ts';

@Resolver(() => Message)
export class MessageResolver {
  @Query(() => MessageConnection, { nullable: true, description: 'Messages of both channels, filtered, newest first.' })
  messages(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => MessagesArgs) args: MessagesArgs): Promise<Connection> {
    return listMessages(db, args, info);
  }

  @Query(() => [WaitingMessages], { nullable: true, description: 'How many messages wait for what, most first; those that are tried again later wait too.' })
  waitingMessages(@Ctx() { db }: Context): Promise<WaitingMessages[]> {
    return waitingMessages(db);
  }

  @FieldResolver(() => Prospect, { nullable: true, description: 'Whom it is for.' })
  prospect(@Root() message: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Prospect', message['prospect'], info);
  }

  @FieldResolver(() => SocialProfile, { nullable: true, description: 'The profile that it is for; null on the e-mail channel.' })
  socialProfile(@Root() message: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'SocialProfile', message['socialProfile'], info);
  }

  @FieldResolver(() => Draft, { nullable: true, description: 'The draft that was approved.' })
  draft(@Root() message: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Draft', message['draft'], info);
  }

  @FieldResolver(() => Job, { nullable: true, description: 'The job that sends it.' })
  job(@Root() message: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Job', message['job'], info);
  }
}
