import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { nodesByKey } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { tagCounts } from '../queries/tags.ts';
import { Prospect } from '../schema/Prospect.ts';
import { TagCount, TagProspectsInput, TagProspectsPayload, TagsArgs } from '../schema/Tag.ts';
import { tagProspects } from '../services/tagProspects.ts';
import type { Context } from './context.ts';
import { answerProspects } from './prospectsAnswer.ts';
import { requireFilter, requireUuids } from './userErrors.ts';

type TagAnswer = TagProspectsPayload & { changedIds: readonly string[] };

@Resolver(() => TagProspectsPayload)
export class TagResolver {
  @Query(() => [TagCount], { nullable: true, description: 'The tags that most prospects have, commonest first.' })
  tags(@Ctx() { db }: Context, @Args(() => TagsArgs) { first, search }: TagsArgs): Promise<TagCount[]> {
    return tagCounts(db, first, search ?? null);
  }

  @Mutation(() => TagProspectsPayload, { description: 'Adds tags to prospects and removes others; all of it, or nothing.' })
  async tagProspects(
    @Ctx() context: Context,
    @Arg('input', () => TagProspectsInput, { description: 'Which prospects, and which tags.' }) { ids, filter, ...tags }: TagProspectsInput,
  ): Promise<TagAnswer> {
    return answerProspects(context, async () =>
      tagProspects(context.services(), {
        ...tags,
        prospectIds: ids && requireUuids('Prospect', ids, 'ids'),
        filter: filter && requireFilter(filter),
      }),
    );
  }

  @FieldResolver(() => [Prospect], { description: 'The first 100 of those changed.' })
  prospects(@Root() { changedIds }: TagAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row[]> {
    return nodesByKey(context, 'Prospect', changedIds, info);
  }
}
