import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { activitiesBelow, draftsOfProspect, inboundOfProspect, messagesOfProspect, socialProfilesOfProspect } from '../loaders/edges.ts';
import { nodeById } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listProspects } from '../queries/lists.ts';
import { ActivityConnection } from '../schema/Activity.ts';
import { DraftConnection } from '../schema/Draft.ts';
import { InboundMessageConnection } from '../schema/InboundMessage.ts';
import { MessagesArgs, ProspectDraftsArgs, ProspectsArgs } from '../schema/listArgs.ts';
import { MessageConnection } from '../schema/Message.ts';
import { PageArgs } from '../schema/PageArgs.ts';
import { Prospect, ProspectConnection } from '../schema/Prospect.ts';
import { SocialProfile } from '../schema/SocialProfile.ts';
import type { Context } from './context.ts';

@Resolver(() => Prospect)
export class ProspectResolver {
  @Query(() => Prospect, { nullable: true, description: 'The prospect with this id.' })
  prospect(
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('id', () => ID, { description: 'Of a prospect.' }) id: string,
  ): Promise<Row | null> {
    return nodeById(context, 'Prospect', id, info);
  }

  @Query(() => ProspectConnection, { nullable: true, description: 'Prospects, filtered and ordered.' })
  prospects(
    @Ctx() { db }: Context,
    @Info() info: GraphQLResolveInfo,
    @Args(() => ProspectsArgs) args: ProspectsArgs,
  ): Promise<Connection> {
    return listProspects(db, args, info);
  }

  @FieldResolver(() => [SocialProfile], { nullable: true, description: 'Its handles; null + an error when they cannot be read.' })
  socialProfiles(@Root() prospect: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row[]> {
    return socialProfilesOfProspect(context, info).load(prospect.key);
  }

  @FieldResolver(() => DraftConnection, { nullable: true, description: 'Its drafts of both channels, newest first.' })
  drafts(
    @Root() prospect: Row,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Args(() => ProspectDraftsArgs) args: ProspectDraftsArgs,
  ): Promise<Connection> {
    return draftsOfProspect(context, args, info).load(prospect.key);
  }

  @FieldResolver(() => MessageConnection, { nullable: true, description: 'Its messages of both channels, newest first.' })
  messages(
    @Root() prospect: Row,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Args(() => MessagesArgs) args: MessagesArgs,
  ): Promise<Connection> {
    return messagesOfProspect(context, args, info).load(prospect.key);
  }

  @FieldResolver(() => InboundMessageConnection, { nullable: true, description: 'Mails that came in about what was sent to it, newest first.' })
  inboundMessages(@Root() prospect: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo, @Args(() => PageArgs) args: PageArgs): Promise<Connection> {
    return inboundOfProspect(context, args, info).load(prospect.key);
  }

  @FieldResolver(() => ActivityConnection, { nullable: true, description: 'What was done to it, its profiles, drafts and messages, newest first.' })
  activities(@Root() prospect: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo, @Args(() => PageArgs) args: PageArgs): Promise<Connection> {
    return activitiesBelow(context, args, info).load(prospect.key);
  }
}
