import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { nodesByKey } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { ReviewProspectsPayload } from '../schema/payloads.ts';
import { Prospect } from '../schema/Prospect.ts';
import { ReviewProspectsInput } from '../schema/prospectInputs.ts';
import { reviewProspects } from '../services/reviewProspects.ts';
import type { Context } from './context.ts';
import { answerProspects } from './prospectsAnswer.ts';
import { requireFilter, requireUuids } from './userErrors.ts';

type ReviewAnswer = ReviewProspectsPayload & { changedIds: readonly string[] };

@Resolver(() => ReviewProspectsPayload)
export class ReviewMutations {
  @Mutation(() => ReviewProspectsPayload, { description: 'Approves, rejects or reopens prospects, or takes a decision back.' })
  async reviewProspects(
    @Ctx() context: Context,
    @Arg('input', () => ReviewProspectsInput, { description: 'Which ones, and what was decided.' }) input: ReviewProspectsInput,
  ): Promise<ReviewAnswer> {
    const { ids, filter, ...decision } = input;
    const answer = await answerProspects(context, async () =>
      reviewProspects(context.services(), {
        ...decision,
        prospectIds: ids && requireUuids('Prospect', ids, 'ids'),
        filter: filter && requireFilter(filter),
      }),
    );
    return { ...answer, batch: answer.result?.batch ?? null };
  }

  @FieldResolver(() => [Prospect], { description: 'The first 100 of those changed.' })
  prospects(@Root() { changedIds }: ReviewAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row[]> {
    return nodesByKey(context, 'Prospect', changedIds, info);
  }
}
