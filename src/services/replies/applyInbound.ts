import { type Kysely, sql } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import { Channel, InboundKind, MessageStatus, SuppressionKind } from '../../domain/enums.ts';
import type { Classification } from '../../mail/classify.ts';
import { cancelWaitingMessages } from '../messages/cancelWaitingMessages.ts';
import { eventPayload } from '../messages/eventPayload.ts';
import { lockProspect } from '../messages/lockProspect.ts';
import { recordReply } from '../messages/recordReply.ts';
import { markSent, recordSent, sentColumns } from '../messages/recordSent.ts';
import { transitionMessage } from '../messages/transitionMessage.ts';
import { excludeProspects } from '../suppression/excludeProspects.ts';
import { writeSuppressions } from '../suppression/writeSuppressions.ts';
import { recordFact } from '../webhooks/recordFact.ts';
import type { AnsweredMessage } from './findAnswered.ts';
import { touched } from '../touched.ts';

const actor = 'recipient';
const { SENT, OUTCOME_UNKNOWN } = MessageStatus;

/**
 * What follows from a mail for the message that it is about and for whom that was for, in the caller's transaction. What
 * the state of the message no longer allows is left out: a second answer, a bounce of what was answered. Automatic answers
 * and reports change nothing.
 * @throws {UserErrors} NOT_CONFIGURED: a complaint without SECRET_KEY
 */
export async function applyInbound(db: Kysely<any>, outreach: Outreach, classification: Classification, message: AnsweredMessage): Promise<void> {
  await lockProspect(db, Channel.EMAIL, message.id);
  const status = await statusOf(db, message.id);
  const left = status === SENT || status === OUTCOME_UNKNOWN;
  switch (classification.kind) {
    case InboundKind.REPLY:
      await (left ? recordReply(db, Channel.EMAIL, message.id, { actor }) : repliedAgain(db, message.prospectId));
      break;
    case InboundKind.BOUNCE:
      if (left) await bounced(db, message, classification);
      break;
    case InboundKind.COMPLAINT:
      await complained(db, outreach, message, status);
      break;
    default:
  }
}

/** To a message that had bounced, or had been answered before: whoever writes has replied all the same. */
async function repliedAgain(db: Kysely<any>, prospectId: string): Promise<void> {
  await sql`update prospects set ${touched()}, replied_at = now() where id = ${prospectId}::uuid and replied_at is null`.execute(db);
  await cancelWaitingMessages(db, [prospectId], { actor, reason: 'replied' });
}

/**
 * An address that does not exist is not written to again, whichever prospects have it. That a mail came back says that it
 * had left, where that was not known.
 */
async function bounced(db: Kysely<any>, { id, prospectId }: AnsweredMessage, { details }: Classification): Promise<void> {
  const { status = null, addressIsDead = false } = details;
  const message = await transitionMessage(db, Channel.EMAIL, id, MessageStatus.BOUNCED, {
    actor,
    set: { ...sentColumns, error: status ? `It bounced (${status}).` : 'It bounced.' },
    details: { status, addressIsDead },
  });
  if (message.from === OUTCOME_UNKNOWN) await markSent(db, Channel.EMAIL, message, actor);
  if (addressIsDead) {
    await sql`
      update prospects set ${touched()}, email_blocked = true, email_bounced = true
      where not email_bounced and email = (select recipient from email_messages where id = ${id}::uuid)`.execute(db);
  }
  await cancelWaitingMessages(db, [prospectId], { actor, reason: 'bounced' });
  await recordFact(db, { event: 'message.bounced', payload: eventPayload(Channel.EMAIL, message) });
}

/** Never again. That somebody complains says that the mail arrived. */
async function complained(db: Kysely<any>, outreach: Outreach, { id, prospectId }: AnsweredMessage, status: MessageStatus): Promise<void> {
  if (status === OUTCOME_UNKNOWN) await recordSent(db, Channel.EMAIL, id, { actor });
  if (status === SENT || status === OUTCOME_UNKNOWN) {
    const message = await transitionMessage(db, Channel.EMAIL, id, MessageStatus.COMPLAINED, { actor });
    await recordFact(db, { event: 'message.complained', payload: eventPayload(Channel.EMAIL, message) });
  }
  const { rows } = await sql<{ recipient: string }>`select recipient from email_messages where id = ${id}::uuid`.execute(db);
  const recipient = rows[0]!.recipient;
  await writeSuppressions(db, outreach, recipient ? [{ kind: SuppressionKind.EMAIL, value: recipient }] : [], { actor, cause: 'complained' });
  await excludeProspects(db, sql`id = ${prospectId}::uuid`, { actor, reason: 'complained' });
}

async function statusOf(db: Kysely<any>, messageId: string): Promise<MessageStatus> {
  const { rows } = await sql<{ status: MessageStatus }>`select status from email_messages where id = ${messageId}::uuid`.execute(db);
  return rows[0]!.status;
}
