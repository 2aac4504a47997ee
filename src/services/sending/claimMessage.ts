import { sql, type Kysely } from 'kysely';
import { Channel, MessageStatus } from '../../domain/enums.ts';
import { messageTables } from '../messages/messageTables.ts';
import type { HeldMessage } from '../messages/messageLease.ts';
import { transitionMessage } from '../messages/transitionMessage.ts';
import { readSettings } from '../settings/readSettings.ts';
import { holdSuppressions } from '../suppression/holdSuppressions.ts';
import type { WorkerContext } from '../workerContext.ts';
import { cancelObstructed } from './cancelObstructed.ts';
import { capDay, countToday, holdOf, type Hold } from './holdOf.ts';
import { lockSender } from './lockSender.ts';
import { draftSource, obstacleOfMessage, type Obstacle } from './obstacles.ts';
import { readSuppressedRecipients } from './readSuppressedRecipients.ts';

/** A message that this process sends; nobody else does until its lease ends. */
export interface ClaimedMessage extends HeldMessage {
  prospectId: string;
  isFollowUp: boolean;
  recipient: string;
  /** null on the social channel */
  subject: string | null;
  body: string;
  /** RFC 5322 Message-ID; null on the social channel */
  messageId: string | null;
  /** this one included */
  attempts: number;
  /** who sends it, and the day whose cap it counts against */
  sender: { id: string; day: string };
}

export type Claim =
  | { message: ClaimedMessage }
  | { hold: Hold; now: Date }
  /** nothing is due for this job, or it is not running; so many messages were cancelled on the way */
  | { nothing: true; cancelled: number };

/** Messages that are given up in one transaction, at most. */
const givenUpAtOnce = 100;

/**
 * The next message of a job that may leave from this sender now, claimed. All rules are asked again, while the sender's row
 * is locked: over all workers and jobs there is one claim at a time for a sender, so that its cap and gap hold exactly.
 * A message that may not go any more is cancelled with its reason.
 * @param address of the sender on the channel
 */
export async function claimMessage({ em, outreach }: WorkerContext, channel: Channel, jobId: string, address: string): Promise<Claim> {
  return em().transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    await holdSuppressions(db);
    const rules = (await readSettings(db)).sending[channel];
    const sender = await lockSender(db, channel, address);
    const hold = holdOf(sender, rules, sender.now);
    if (hold) return { hold, now: sender.now };
    for (let round = 0; round < givenUpAtOnce; round += 1) {
      const next = await lockNext(db, channel, jobId);
      if (!next) return { nothing: true, cancelled: round };
      const suppressed = next.obstacle === null && (await readSuppressedRecipients(db, outreach, channel, [next.draftId])).length > 0;
      const obstacle = suppressed ? 'SUPPRESSED' : next.obstacle;
      if (obstacle === null) {
        const day = capDay(rules, sender.now);
        await sql`
          update senders set day = ${day}::date, sent_today = ${countToday(sender, rules, sender.now) + 1}, claimed_at = ${sender.now.toISOString()}::timestamptz
          where id = ${sender.id}::uuid`.execute(db);
        return { message: await take(db, next, { id: sender.id, day, address }) };
      }
      await cancelObstructed(db, channel, next.id, obstacle);
    }
    return { nothing: true, cancelled: givenUpAtOnce };
  });
}

type Next = Omit<ClaimedMessage, 'sender'> & { status: MessageStatus; draftId: string; obstacle: Obstacle | null };

/**
 * The first message of the job that is due, with its prospect and draft as they are and stay until the transaction ends.
 * What somebody else holds is passed over: they may wait for what we hold. What a sender's limits hold is due at once when
 * these are lifted, whatever was foretold.
 */
async function lockNext(db: Kysely<any>, channel: Channel, jobId: string): Promise<Next | null> {
  const { messages } = messageTables[channel];
  const ofEmail = channel === Channel.EMAIL ? sql`m.subject, m.message_id as "messageId"` : sql`null as subject, null as "messageId"`;
  const { rows } = await sql<Omit<Next, 'channel'>>`
    select m.id, m.status, m.fence, m.job_id as "jobId", m.chunk, m.recipient, m.body, m.attempts, m.is_follow_up as "isFollowUp", ${ofEmail},
      m.draft_id as "draftId", p.id as "prospectId",
      ${obstacleOfMessage(channel)} as obstacle
    from ${sql.table(messages)} as m join (${draftSource[channel]}) on d.id = m.draft_id
    where m.job_id = ${jobId}::uuid and m.status in ('queued', 'deferred')
      and (m.due_at is null or m.due_at <= clock_timestamp() or m.status = 'queued' and m.blocked_by is not null)
      and exists (select from jobs where id = ${jobId}::uuid and status = 'running')
    order by m.chunk
    limit 1
    for no key update of m skip locked
    for share of d, p skip locked`.execute(db);
  return rows[0] ? { ...rows[0], channel } : null;
}

async function take(
  db: Kysely<any>, { status, draftId, obstacle, ...message }: Next, { id, day, address }: { id: string; day: string; address: string },
): Promise<ClaimedMessage> {
  if (status === MessageStatus.DEFERRED) {
    await transitionMessage(db, message.channel, message.id, MessageStatus.QUEUED, { actor: 'worker' });
  }
  await transitionMessage(db, message.channel, message.id, MessageStatus.SENDING, { actor: 'worker', set: { sender: address, error: null } });
  return { ...message, fence: message.fence + 1, attempts: message.attempts + 1, sender: { id, day } };
}
