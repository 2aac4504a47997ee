import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { Role } from '../domain/enums.ts';
import { OutriderError } from '../domain/errors.ts';
import { fromGlobalId, secretNodeTypes, type GlobalId } from '../domain/globalId.ts';
import { nodeLoader } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { maximumPageSize } from '../queries/page.ts';
import { Node } from '../schema/Node.ts';
import type { Context } from './context.ts';

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'What has this id; null where there is nothing, or nothing to see.' })
  node(
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('id', () => ID, { description: 'Global.' }) id: string,
  ): Promise<Row | null> {
    return load(context, info, id);
  }

  @Query(() => [Node], { nullable: 'items', description: 'One entry per id, in order, null where there is none.' })
  nodes(
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('ids', () => [ID], { description: 'Global; 100 at most.' }) ids: string[],
  ): Promise<(Row | null)[]> {
    if (ids.length > maximumPageSize) throw new OutriderError('BAD_USER_INPUT', `Give ${maximumPageSize} ids at most.`);
    return Promise.all(ids.map((id) => load(context, info, id)));
  }
}

async function load(context: Context, info: GraphQLResolveInfo, id: string): Promise<Row | null> {
  const global = fromGlobalId(id);
  return global && loadNode(context, info, global);
}

/** The row that an interface's field shows; null where there is none, and where the caller may not see it. */
export async function loadNode(context: Context, info: GraphQLResolveInfo, { type, key }: GlobalId): Promise<Row | null> {
  if (secretNodeTypes.has(type) && context.actor.role !== Role.ADMIN) return null;
  return nodeLoader(context, type, info).load(key);
}
