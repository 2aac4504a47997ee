import { type Kysely, sql } from 'kysely';
import { MessageStatus, type Channel } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { inTransaction } from '../inTransaction.ts';
import type { JobContext } from '../jobContext.ts';
import { findChannel } from './findChannel.ts';
import { messageTables } from './messageTables.ts';
import { recordReply } from './recordReply.ts';
import { recordSent } from './recordSent.ts';
import { rollUpMessageJob } from './rollUpMessageJob.ts';
import { transitionMessage, type ChangedMessage } from './transitionMessage.ts';

type Resolution = 'sent' | 'not_sent' | 'replied';

export interface ResolveMessage {
  /** uuid */
  messageId: string;
  resolution: Resolution;
}

/**
 * What became of a message, told by a person: a waiting one was sent by hand, one whose outcome is unknown was sent or was
 * not, one that was sent was answered. Against its sender and against another person exactly one wins.
 * @throws {UserErrors} NOT_FOUND, ILLEGAL_TRANSITION with what is allowed, CONFLICT when the draft is no longer approved, or what was not sent, one is told, is
 * still in the hands of its sender
 */
export async function resolveMessage(context: JobContext, { messageId, resolution }: ResolveMessage): Promise<void> {
  const { em, actor, events } = context;
  const message = await inTransaction(em, async (tx) => {
    const db = tx.getKysely<any>();
    return resolutions[resolution](db, await findChannel(db, messageId), messageId, actor.name);
  });
  events.publish('drafts', [[message.draftId, 0]]);
  await rollUpMessageJob(context, message.jobId);
}

type Resolve = (db: Kysely<any>, channel: Channel, messageId: string, actor: string) => Promise<ChangedMessage>;

/** Sent by hand: from `deferred` it has to be queued again first, for its sender may be at it any moment. */
const sent: Resolve = async (db, channel, messageId, actor) => {
  const from = [MessageStatus.QUEUED, MessageStatus.OUTCOME_UNKNOWN];
  const message = await recordSent(db, channel, messageId, { actor, from, details: { by: 'hand' } });
  if (message.from === MessageStatus.QUEUED && !message.draftSent) {
    throw new UserErrors({
      code: UserErrorCode.CONFLICT,
      message: 'The draft is no longer approved with this text: approve it again and send it, or cancel the message.',
      field: ['input', 'id'],
      target: toGlobalId('Draft', message.draftId),
    });
  }
  return message;
};

const notSent: Resolve = async (db, channel, messageId, actor) => {
  await checkNobodySends(db, channel, messageId);
  return transitionMessage(db, channel, messageId, MessageStatus.FAILED, {
    actor,
    from: [MessageStatus.OUTCOME_UNKNOWN],
    set: { error: 'It was not sent, a person says.' },
    details: { by: 'hand' },
  });
};

/** Holds the row. What its sender may still bring to an end must not be sent again beside it. @throws {UserErrors} CONFLICT */
async function checkNobodySends(db: Kysely<any>, channel: Channel, messageId: string): Promise<void> {
  const { rows } = await sql<{ isHeld: boolean }>`
    select status = 'outcome_unknown' and lease_until > clock_timestamp() as "isHeld" from ${sql.table(messageTables[channel].messages)}
    where id = ${messageId}::uuid for no key update`.execute(db);
  if (!rows[0]?.isHeld) return;
  throw new UserErrors({
    code: UserErrorCode.CONFLICT,
    message: 'The worker that sends this message was silent and is back: it will say what became of it. Look again in a moment.',
    field: ['input', 'id'],
    target: toGlobalId('Message', messageId),
  });
}

const replied: Resolve = (db, channel, messageId, actor) => recordReply(db, channel, messageId, { actor, details: { by: 'hand' } });

const resolutions: Readonly<Record<Resolution, Resolve>> = { sent, not_sent: notSent, replied };
