import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { UserError } from '../domain/errors.ts';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { Message } from '../schema/Message.ts';
import { CancelMessageInput, ResolveMessageInput } from '../schema/messageInputs.ts';
import { MessagePayload } from '../schema/payloads.ts';
import type { JobContext } from '../services/jobContext.ts';
import { cancelMessage } from '../services/messages/cancelMessage.ts';
import { resolveMessage } from '../services/messages/resolveMessage.ts';
import type { Context } from './context.ts';
import { requireUuid, withUserErrors } from './userErrors.ts';

/** What a mutation of messages answers before `message` is read. */
interface MessageAnswer {
  messageId: string | null;
  userErrors: readonly UserError[];
}

@Resolver(() => MessagePayload)
export class MessageMutations {
  @Mutation(() => MessagePayload, { description: 'What became of a message, told by a person: sent by hand, replied, or an OUTCOME_UNKNOWN decided.' })
  resolveMessage(
    @Ctx() context: Context,
    @Arg('input', () => ResolveMessageInput, { description: 'Which message, and what became of it.' }) { id, resolution }: ResolveMessageInput,
  ): Promise<MessageAnswer> {
    return answer(context, id, (services, messageId) => resolveMessage(services, { messageId, resolution }));
  }

  @Mutation(() => MessagePayload, { description: 'Gives up a message that waits; its draft stays approved.' })
  cancelMessage(
    @Ctx() context: Context,
    @Arg('input', () => CancelMessageInput, { description: 'Which message.' }) { id }: CancelMessageInput,
  ): Promise<MessageAnswer> {
    return answer(context, id, (services, messageId) => cancelMessage(services, { messageId }));
  }

  @FieldResolver(() => Message, { nullable: true, description: 'The message as it is now; as it stands, too, when nothing was done.' })
  message(@Root() { messageId }: MessageAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Message', messageId, info);
  }
}

async function answer(context: Context, id: string, act: (services: JobContext, messageId: string) => Promise<void>): Promise<MessageAnswer> {
  const { result: messageId, userErrors: unknown } = await withUserErrors(async () => requireUuid('Message', id, 'id'));
  if (messageId === null) return { messageId, userErrors: unknown };
  const { userErrors } = await withUserErrors(() => act(context.services(), messageId));
  context.refresh();
  return { messageId, userErrors };
}
