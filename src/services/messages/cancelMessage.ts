import { MessageStatus } from '../../domain/enums.ts';
import { inTransaction } from '../inTransaction.ts';
import type { JobContext } from '../jobContext.ts';
import { rollUpMessageJob } from './rollUpMessageJob.ts';
import { findChannel } from './findChannel.ts';
import { transitionMessage } from './transitionMessage.ts';

/**
 * Gives up a message that waits. Its draft stays approved, so that it may be sent again.
 * @throws {UserErrors} NOT_FOUND, or ILLEGAL_TRANSITION with what is allowed
 */
export async function cancelMessage(context: JobContext, { messageId }: { messageId: string }): Promise<void> {
  const { em, actor } = context;
  const { jobId } = await inTransaction(em, async (tx) => {
    const db = tx.getKysely<any>();
    return transitionMessage(db, await findChannel(db, messageId), messageId, MessageStatus.CANCELLED, {
      actor: actor.name,
      reason: { code: 'CANCELLED', message: 'A person cancelled the message.' },
    });
  });
  await rollUpMessageJob(context, jobId);
}
