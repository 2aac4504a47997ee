import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { latestDraftOfProfile, messagesOfProfile } from '../loaders/edges.ts';
import { nodeById, nodeLoader } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listSocialProfiles } from '../queries/lists.ts';
import { Draft } from '../schema/Draft.ts';
import { MessagesArgs, SocialProfilesArgs } from '../schema/listArgs.ts';
import { MessageConnection } from '../schema/Message.ts';
import { Prospect } from '../schema/Prospect.ts';
import { SocialProfile, SocialProfileConnection } from '../schema/SocialProfile.ts';
import type { Context } from './context.ts';

@Resolver(() => SocialProfile)
export class SocialProfileResolver {
  @Query(() => SocialProfile, { nullable: true, description: 'The social profile with this id.' })
  socialProfile(
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('id', () => ID, { description: 'Of a social profile.' }) id: string,
  ): Promise<Row | null> {
    return nodeById(context, 'SocialProfile', id, info);
  }

  @Query(() => SocialProfileConnection, { nullable: true, description: 'Social profiles, filtered and ordered.' })
  socialProfiles(
    @Ctx() { db }: Context,
    @Info() info: GraphQLResolveInfo,
    @Args(() => SocialProfilesArgs) args: SocialProfilesArgs,
  ): Promise<Connection> {
    return listSocialProfiles(db, args, info);
  }

  @FieldResolver(() => Prospect, { nullable: true, description: 'Whose it is: every profile has one; null + an error only when it cannot be read.' })
  prospect(@Root() profile: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeLoader(context, 'Prospect', info).load(profile['prospect'] as string);
  }

  @FieldResolver(() => Draft, { nullable: true, description: 'The newest social draft for it.' })
  latestDraft(@Root() profile: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return latestDraftOfProfile(context, info).load(profile.key);
  }

  @FieldResolver(() => MessageConnection, { nullable: true, description: 'Messages to it, newest first.' })
  messages(
    @Root() profile: Row,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Args(() => MessagesArgs) args: MessagesArgs,
  ): Promise<Connection> {
    return messagesOfProfile(context, args, info).load(profile.key);
  }
}
