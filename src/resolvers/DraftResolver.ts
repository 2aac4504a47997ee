import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import type { Channel } from '../domain/enums.ts';
import { OutriderError } from '../domain/errors.ts';
import { uuidOf } from '../domain/globalId.ts';
import { versionsOfDraft, type VersionRow } from '../loaders/edges.ts';
import { nodeById, nodeByKey } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listDrafts } from '../queries/lists.ts';
import { Draft, DraftConnection, DraftPreview, DraftVersion } from '../schema/Draft.ts';
import { Job } from '../schema/Job.ts';
import { PreviewDraftInput } from '../schema/jobInputs.ts';
import { DraftsArgs } from '../schema/listArgs.ts';
import { Prospect } from '../schema/Prospect.ts';
import { SocialProfile } from '../schema/SocialProfile.ts';
import { previewDraft } from '../services/drafts/previewDraft.ts';
import type { Context } from './context.ts';

/** Names nothing: an id that is none is answered like one of nothing. */
const noUuid = '00000000-0000-0000-0000-000000000000';

@Resolver(() => Draft)
export class DraftResolver {
  @Query(() => Draft, { nullable: true, description: 'The draft with this id.' })
  draft(
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('id', () => ID, { description: 'Of a draft.' }) id: string,
  ): Promise<Row | null> {
    return nodeById(context, 'Draft', id, info);
  }

  @Query(() => DraftConnection, { nullable: true, description: 'Drafts, filtered and ordered.' })
  drafts(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => DraftsArgs) args: DraftsArgs): Promise<Connection> {
    return listDrafts(db, args, info);
  }

  @Query(() => DraftPreview, { nullable: true, description: 'Renders a draft without saving it.' })
  async previewDraft(
    @Ctx() context: Context,
    @Arg('input', () => PreviewDraftInput, { description: 'What to render, and for whom.' }) input: PreviewDraftInput,
  ): Promise<DraftPreview | null> {
    const prospectId = uuidOf('Prospect', input.prospectId);
    if (prospectId === null) throw new OutriderError('NOT_FOUND', 'There is no prospect with this id.');
    const templateId = input.templateId == null ? null : (uuidOf('Template', input.templateId) ?? noUuid);
    return previewDraft(context.services(), { ...input, prospectId, templateId });
  }

  @FieldResolver(() => Prospect, { nullable: true, description: 'Whom it is for.' })
  prospect(@Root() draft: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Prospect', draft['prospect'], info);
  }

  @FieldResolver(() => SocialProfile, { nullable: true, description: 'The profile that it is for; null on the e-mail channel.' })
  socialProfile(@Root() draft: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'SocialProfile', draft['socialProfile'], info);
  }

  @FieldResolver(() => [DraftVersion], { nullable: true, description: 'The last 100 texts that it had before, newest first; null + an error when they cannot be read.' })
  versions(@Root() draft: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<VersionRow[]> {
    return versionsOfDraft(context, draft['versions'] as Channel, info).load(draft.key);
  }

  @FieldResolver(() => Job, { nullable: true, description: 'The job that wrote it.' })
  job(@Root() draft: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Job', draft['job'], info);
  }
}
