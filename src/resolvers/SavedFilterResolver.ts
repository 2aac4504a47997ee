import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listSavedFilters } from '../queries/lists.ts';
import { PageArgs } from '../schema/PageArgs.ts';
import { DeleteSavedFilterInput, SavedFilter, SavedFilterConnection, SavedFilterPayload, SaveFilterInput } from '../schema/SavedFilter.ts';
import { deleteRow } from '../services/deleteRow.ts';
import { saveFilter } from '../services/savedFilters/saveFilter.ts';
import type { Context } from './context.ts';
import { toInputJson } from './inputJson.ts';
import { answerEntity, requireFilter, requireUuid, type EntityAnswer } from './userErrors.ts';

@Resolver(() => SavedFilterPayload)
export class SavedFilterResolver {
  @Query(() => SavedFilterConnection, { nullable: true, description: 'The filters that are kept, by name.' })
  savedFilters(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => PageArgs) args: PageArgs): Promise<Connection> {
    return listSavedFilters(db, args, info);
  }

  @Mutation(() => SavedFilterPayload, { description: 'Keeps a filter of prospects under a name.' })
  saveFilter(
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('input', () => SaveFilterInput, { description: 'The filter.' }) { filter, ...input }: SaveFilterInput,
  ): Promise<EntityAnswer> {
    return answerEntity(context, async () => {
      requireFilter(filter);
      return saveFilter(context.services(), { ...input, filter: toInputJson(info.schema, 'ProspectFilter', filter) });
    });
  }

  @Mutation(() => SavedFilterPayload, { description: 'Deletes a saved filter; the prospects stay.' })
  deleteSavedFilter(
    @Ctx() context: Context,
    @Arg('input', () => DeleteSavedFilterInput, { description: 'Which one.' }) { id }: DeleteSavedFilterInput,
  ): Promise<EntityAnswer> {
    return answerEntity(context, async () => {
      await deleteRow(context.services(), 'SavedFilter', requireUuid('SavedFilter', id, 'id'));
      return null;
    });
  }

  @FieldResolver(() => SavedFilter, { nullable: true, description: 'The filter as it is now; null when it is gone, or was never saved.' })
  savedFilter(@Root() { key }: EntityAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'SavedFilter', key, info);
  }
}
