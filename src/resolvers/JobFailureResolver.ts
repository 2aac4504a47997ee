import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import { nodeLoader } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { JobFailure } from '../schema/Job.ts';
import { Node } from '../schema/Node.ts';
import type { Context } from './context.ts';

@Resolver(() => JobFailure)
export class JobFailureResolver {
  @FieldResolver(() => Node, { nullable: true, description: 'The prospect or profile; null where the row never became one.' })
  async target(@Root() failure: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    const key = failure['target'] as string | null;
    if (key === null) return null;
    return (await nodeLoader(context, 'Prospect', info).load(key)) ?? nodeLoader(context, 'SocialProfile', info).load(key);
  }
}
