import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Resolver, Root, Subscription } from 'type-graphql';
import { OutriderError } from '../domain/errors.ts';
import { uuidOf } from '../domain/globalId.ts';
import type { Conflation } from '../events/conflation.ts';
import { nodeLoader } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { Draft } from '../schema/Draft.ts';
import type { Context } from './context.ts';

@Resolver()
export class DraftSubscriptions {
  @Subscription(() => Draft, {
    subscribe: subscribeToDraft,
    description: 'First the present state, then every change (at most 10 a second), until the draft is deleted.',
  })
  draftChanged(
    @Root() draftId: string,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('id', () => ID, { description: 'Of a draft.' }) _id: string,
  ): Promise<Row | null> {
    return nodeLoader(context, 'Draft', info).load(draftId);
  }
}

async function subscribeToDraft({ args, context }: { args: { id: string }; context: Context }): Promise<Conflation<string>> {
  const draftId = uuidOf('Draft', args.id);
  const changes = draftId && (await context.drafts.changes(draftId));
  if (!changes) throw new OutriderError('NOT_FOUND', 'There is no draft with this id.');
  return changes;
}
