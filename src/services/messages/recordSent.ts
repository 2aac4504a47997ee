import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { Channel, MessageStatus } from '../../domain/enums.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { recordEvent } from '../webhooks/recordEvent.ts';
import { messageTables } from './messageTables.ts';
import { transitionMessage, type ChangedMessage, type MessageChange } from './transitionMessage.ts';

/**
 * All that follows from a message having been sent, in the caller's transaction: the message and its chunk, its draft with
 * the draft's projection, the prospect's dates, the activities and the event. Whether something was sent is a fact: it is
 * written down too when the draft was taken back meanwhile, which then stays as it is.
 * @throws {UserErrors} NOT_FOUND, or ILLEGAL_TRANSITION with what is allowed
 */
export async function recordSent(db: Kysely<any>, channel: Channel, messageId: string, change: MessageChange): Promise<ChangedMessage> {
  await lockProspect(db, channel, messageId);
  const message = await transitionMessage(db, channel, messageId, MessageStatus.SENT, {
    ...change,
    set: { sent_at: sql`coalesce(handed_over_at, now())`, error: null, ...change.set },
  });
  const isProjected = (await draftSent(db, channel, message, change.actor)) && !message.isFollowUp;
  if (isProjected && channel === Channel.SOCIAL) {
    await sql`update social_profiles set draft_status = 'sent' where id = ${message.targetId}::uuid`.execute(db);
  }
  await sql`
    update prospects set
      ${message.isFollowUp ? sql`followed_up_at = greatest(followed_up_at, sent.at)` : sql`sent_at = coalesce(prospects.sent_at, sent.at)`}
      ${isProjected && channel === Channel.EMAIL ? sql`, draft_status = 'sent'` : sql``}
    from (select sent_at as at from ${sql.table(messageTables[channel].messages)} where id = ${messageId}::uuid) as sent
    where prospects.id = ${message.prospectId}::uuid`.execute(db);
  await recordEvent(db, { event: 'message.sent', payload: eventPayload(channel, message) });
  return message;
}

/** The prospect before its messages: the order in which everybody locks them. */
async function lockProspect(db: Kysely<any>, channel: Channel, messageId: string): Promise<void> {
  const prospectOf = channel === Channel.EMAIL
    ? sql`select prospect_id from email_messages where id = ${messageId}::uuid`
    : sql`select s.prospect_id from social_messages as m join social_profiles as s on s.id = m.social_profile_id where m.id = ${messageId}::uuid`;
  await sql`select from prospects where id = (${prospectOf}) for no key update`.execute(db);
}

/** Whether the draft was still approved with the message's text, and so was sent. */
async function draftSent(db: Kysely<any>, channel: Channel, { id, draftId }: ChangedMessage, actor: string): Promise<boolean> {
  const { drafts, messages } = messageTables[channel];
  const { rows } = await sql<{ id: string }>`
    update ${sql.table(drafts)} as draft set status = 'sent'
    from ${sql.table(messages)} as message
    where message.id = ${id}::uuid and draft.id = ${draftId}::uuid and draft.status = 'approved'
      and draft.approved_fingerprint = coalesce(message.fingerprint, draft.fingerprint)
    returning draft.id`.execute(db);
  if (rows.length === 0) return false;
  await sql`
    insert into activities (id, actor, action, subject_type, subject_id, from_state, to_state)
    values (${uuidv7()}, ${actor}, 'draft.sent', 'Draft', ${draftId}::uuid, 'approved', 'sent')`.execute(db);
  return true;
}

function eventPayload(channel: Channel, { id, prospectId, draftId, jobId, isFollowUp }: ChangedMessage): { [name: string]: unknown } {
  return {
    messageId: toGlobalId('Message', id),
    channel: channel.toUpperCase(),
    isFollowUp,
    prospectId: toGlobalId('Prospect', prospectId),
    draftId: toGlobalId('Draft', draftId),
    jobId: jobId && toGlobalId('Job', jobId),
  };
}
