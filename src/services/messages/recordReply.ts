import { type Kysely, sql } from 'kysely';
import { type Channel, MessageStatus } from '../../domain/enums.ts';
import { recordFact } from '../webhooks/recordFact.ts';
import { cancelWaitingMessages } from './cancelWaitingMessages.ts';
import { eventPayload } from './eventPayload.ts';
import { lockProspect } from './lockProspect.ts';
import { markSent, sentColumns } from './recordSent.ts';
import { transitionMessage, type ChangedMessage, type MessageChange } from './transitionMessage.ts';
import { touched } from '../touched.ts';

/**
 * A person has answered: the message and its prospect, whatever else waits for them on both channels, the activities and the
 * event, in the caller's transaction. An answer to a message whose outcome was unknown says that it was sent.
 * @throws {UserErrors} NOT_FOUND, or ILLEGAL_TRANSITION with what is allowed
 */
export async function recordReply(db: Kysely<any>, channel: Channel, messageId: string, change: MessageChange): Promise<ChangedMessage> {
  await lockProspect(db, channel, messageId);
  const message = await transitionMessage(db, channel, messageId, MessageStatus.REPLIED, { ...change, set: { ...sentColumns, ...change.set } });
  if (message.from === MessageStatus.OUTCOME_UNKNOWN) {
    await markSent(db, channel, message, change.actor);
  }
  await sql`update prospects set ${touched()}, replied_at = coalesce(replied_at, now()) where id = ${message.prospectId}::uuid`.execute(db);
  await cancelWaitingMessages(db, [message.prospectId], { actor: change.actor, reason: 'replied' });
  await recordFact(db, { event: 'message.replied', payload: eventPayload(channel, message) });
  return message;
}
