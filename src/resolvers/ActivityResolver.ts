import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { isNodeType } from '../domain/globalId.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listActivities } from '../queries/lists.ts';
import { ActivitiesArgs, Activity, ActivityConnection } from '../schema/Activity.ts';
import { Node } from '../schema/Node.ts';
import type { Context } from './context.ts';
import { loadNode } from './NodeResolver.ts';

@Resolver(() => Activity)
export class ActivityResolver {
  @Query(() => ActivityConnection, { nullable: true, description: 'Who did what, newest first.' })
  activities(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => ActivitiesArgs) args: ActivitiesArgs): Promise<Connection> {
    return listActivities(db, args, info);
  }

  @FieldResolver(() => Node, { nullable: true, description: 'What it was done to; null when that is gone, or nothing that `node` finds.' })
  async subject(@Root() activity: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    const [type, key] = (activity['subject'] as string).split(':') as [string, string];
    return isNodeType(type) ? loadNode(context, info, { type, key }) : null;
  }
}
