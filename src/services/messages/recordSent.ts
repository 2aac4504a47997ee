import { type Kysely, sql } from 'kysely';
import { Channel, DraftStatus, MessageStatus } from '../../domain/enums.ts';
import { lockDrafts } from '../drafts/lockDrafts.ts';
import { moveDraft } from '../drafts/transitionDraft.ts';
import { recordFact } from '../webhooks/recordFact.ts';
import { eventPayload } from './eventPayload.ts';
import { lockProspect } from './lockProspect.ts';
import { messageTables } from './messageTables.ts';
import { transitionMessage, type ChangedMessage, type MessageChange } from './transitionMessage.ts';
import { touched } from '../touched.ts';

/**
 * All that follows from a message having been sent, in the caller's transaction: the message and its chunk, its draft with
 * the draft's projection, the prospect's dates, the activities and the event. Whether something was sent is a fact: it is
 * written down too when the draft was taken back meanwhile, which then stays as it is.
 * @returns the message as it was, and whether the draft is sent with it
 * @throws {UserErrors} NOT_FOUND, or ILLEGAL_TRANSITION with what is allowed
 */
export async function recordSent(
  db: Kysely<any>, channel: Channel, messageId: string, change: MessageChange,
): Promise<ChangedMessage & { draftSent: boolean }> {
  await lockProspect(db, channel, messageId);
  const message = await transitionMessage(db, channel, messageId, MessageStatus.SENT, { ...change, set: { ...sentColumns, ...change.set } });
  const draftSent = await markSent(db, channel, message, change.actor);
  await recordFact(db, { event: 'message.sent', payload: eventPayload(channel, message) });
  return { ...message, draftSent };
}

/** What a message says of itself once it is known to have left: when, and nothing against it. */
export const sentColumns = { sent_at: sql`coalesce(sent_at, handed_over_at, now())`, error: null };

/**
 * What a message that has left means for its draft and its prospect, whose row the caller has locked.
 * @returns whether the draft was still approved with this text, and is sent
 */
export async function markSent(db: Kysely<any>, channel: Channel, message: ChangedMessage, actor: string): Promise<boolean> {
  const { rows: [sent] } = await sql<{ fingerprint: string | null; at: Date }>`
    select fingerprint, sent_at as at from ${sql.table(messageTables[channel].messages)} where id = ${message.id}::uuid`.execute(db);
  const dates = message.isFollowUp ? sql`followed_up_at = greatest(followed_up_at, ${sent!.at}::timestamptz)` : sql`sent_at = coalesce(sent_at, ${sent!.at}::timestamptz)`;
  await sql`update prospects set ${touched()}, ${dates} where id = ${message.prospectId}::uuid`.execute(db);
  const draft = (await lockDrafts(db, [{ id: message.draftId, channel }])).get(message.draftId);
  if (draft?.status !== DraftStatus.APPROVED || draft.fingerprint !== (sent!.fingerprint ?? draft.fingerprint)) return false;
  await moveDraft(db, draft, DraftStatus.SENT, { actor });
  return true;
}
