import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { UserError } from '../domain/errors.ts';
import { uuidOf } from '../domain/globalId.ts';
import { nodeByKey, nodesByKey } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { Draft } from '../schema/Draft.ts';
import { ReviewDraftsInput, UpdateDraftInput } from '../schema/draftInputs.ts';
import { DraftPayload, ReviewDraftsPayload } from '../schema/draftPayloads.ts';
import { reviewDrafts } from '../services/drafts/reviewDrafts.ts';
import { updateDraft } from '../services/drafts/updateDraft.ts';
import type { Context } from './context.ts';
import { requireUuid, withUserErrors } from './userErrors.ts';

interface DraftAnswer {
  draftId: string | null;
  userErrors: readonly UserError[];
}

@Resolver(() => DraftPayload)
export class DraftMutations {
  @Mutation(() => DraftPayload, { description: 'Puts another text into a draft; takes an approval or a rejection back.' })
  async updateDraft(
    @Ctx() context: Context,
    @Arg('input', () => UpdateDraftInput, { description: 'Which draft, and what it says now.' }) input: UpdateDraftInput,
  ): Promise<DraftAnswer> {
    const { id, ...edits } = input;
    const { result, userErrors } = await withUserErrors(async () =>
      updateDraft(context.services(), { ...edits, draftId: requireUuid('Draft', id, 'id') }),
    );
    context.refresh();
    return { draftId: result?.draftId ?? null, userErrors };
  }

  @FieldResolver(() => Draft, { nullable: true, description: 'The draft as it is now; null when nothing was done.' })
  draft(@Root() { draftId }: DraftAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Draft', draftId, info);
  }
}

interface ReviewAnswer {
  changedIds: readonly string[];
  userErrors: readonly UserError[];
}

@Resolver(() => ReviewDraftsPayload)
export class DraftReviewMutations {
  @Mutation(() => ReviewDraftsPayload, { description: 'Approves, rejects or reopens drafts, each on its own.' })
  async reviewDrafts(
    @Ctx() context: Context,
    @Arg('input', () => ReviewDraftsInput, { description: 'Which ones, and what was decided.' }) input: ReviewDraftsInput,
  ): Promise<ReviewAnswer> {
    const drafts = input.drafts.map(({ id, fingerprint }) => ({ draftId: uuidOf('Draft', id), fingerprint }));
    const { result, userErrors } = await withUserErrors(() => reviewDrafts(context.services(), { ...input, drafts }));
    context.refresh();
    return { changedIds: result?.changedIds ?? [], userErrors: [...userErrors, ...(result?.userErrors ?? [])] };
  }

  @FieldResolver(() => [Draft], { description: 'Those that changed, in the order of the input.' })
  drafts(@Root() { changedIds }: ReviewAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row[]> {
    return nodesByKey(context, 'Draft', changedIds, info);
  }
}
