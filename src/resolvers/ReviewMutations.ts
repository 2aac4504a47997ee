import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { toGlobalId } from '../domain/globalId.ts';
import { nodesByKey } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { ReviewProspectsPayload } from '../schema/payloads.ts';
import { Prospect } from '../schema/Prospect.ts';
import { ReviewProspectsInput } from '../schema/prospectInputs.ts';
import { reviewProspects } from '../services/reviewProspects.ts';
import type { Context } from './context.ts';
import { requireFilter, requireUuids, withUserErrors } from './userErrors.ts';

type ReviewAnswer = ReviewProspectsPayload & { changedIds: readonly string[] };

@Resolver(() => ReviewProspectsPayload)
export class ReviewMutations {
  @Mutation(() => ReviewProspectsPayload, { description: 'Approves, rejects or reopens prospects, or takes a decision back.' })
  async reviewProspects(
    @Ctx() context: Context,
    @Arg('input', () => ReviewProspectsInput, { description: 'Which ones, and what was decided.' }) input: ReviewProspectsInput,
  ): Promise<ReviewAnswer> {
    const { ids, filter, ...decision } = input;
    const { result, userErrors } = await withUserErrors(async () =>
      reviewProspects(context.services(), {
        ...decision,
        prospectIds: ids && requireUuids('Prospect', ids, 'ids'),
        filter: filter && requireFilter(filter),
      }),
    );
    context.refresh();
    return {
      changedCount: result?.changedCount ?? 0,
      failedCount: result?.failedCount ?? 0,
      changedIds: result?.changedIds ?? [],
      failedIds: (result?.failedIds ?? []).map((id) => toGlobalId('Prospect', id)),
      batch: result?.batch ?? null,
      userErrors: [...userErrors, ...(result?.userErrors ?? [])],
    };
  }

  @FieldResolver(() => [Prospect], { description: 'The first 100 of those changed.' })
  prospects(@Root() { changedIds }: ReviewAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row[]> {
    return nodesByKey(context, 'Prospect', changedIds, info);
  }
}
