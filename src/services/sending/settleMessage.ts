import { sql, type Kysely } from 'kysely';
import { JobStatus, MessageStatus } from '../../domain/enums.ts';
import { lockProspect } from '../messages/lockProspect.ts';
import { endLease } from '../messages/messageLease.ts';
import { messageTables } from '../messages/messageTables.ts';
import { recordSent } from '../messages/recordSent.ts';
import { transitionMessage } from '../messages/transitionMessage.ts';
import type { ClaimedMessage } from './claimMessage.ts';

/** What became of a message that was handed to the other side. */
export interface Delivered {
  /**
   * - `sent`: the other side has taken it
   * - `refused`: it never will
   * - `deferred`: not now
   * - `unavailable`: it takes nothing from us, whatever the message
   * - `interrupted`: we were told to stop before it had left
   * - `obstructed`: when it was about to leave it was not allowed to any more
   * - `unknown`: it has left, and no answer has come
   */
  outcome: 'sent' | 'refused' | 'deferred' | 'unavailable' | 'interrupted' | 'obstructed' | 'unknown';
  /** what the other side said, or what went wrong, in one line */
  response: string;
  /** seconds that the other side asks to be left alone */
  retryAfter?: number | null;
}

/**
 * Attempts that ended so, after which a message is given up: that the other side puts off again and again, after half a day; that
 * it takes nothing from us when it is asked, after some days.
 */
const attemptLimit = { deferred: 8, unavailable: 20 };
/** Seconds; they double with each time. */
const pauseOfMessage = { deferred: { first: 300, longest: 21_600 }, unavailable: { first: 30, longest: 21_600 } };
const pauseOfSender = { first: 30, longest: 900 };
const actor = 'worker';

/**
 * Writes down what became of a claimed message, with everything that follows, in the caller's transaction; nothing when the
 * message was lost meanwhile. One that was given up as unknown because we were silent for too long is ours to the end.
 */
export async function settleMessage(db: Kysely<any>, message: ClaimedMessage, delivered: Delivered): Promise<void> {
  // The sender's row before the others, as a claim locks them; what has left changes it only where the sender had failed.
  await sql`select from senders where id = ${message.sender.id}::uuid and (${!hasLeft(delivered)}::boolean or failures > 0) for no key update`.execute(db);
  const held = await holdClaimed(db, message);
  if (held === null) return;
  const { status, isErased } = held;
  // The answer may name whom the message was for.
  const known = isErased ? { ...delivered, response: 'The person was erased.' } : delivered;
  await settleSender(db, message, known);
  const { id, channel } = message;
  const { outcome, response } = known;
  const told = { response, error: response };
  switch (outcome) {
    case 'sent':
      await recordSent(db, channel, id, { actor, set: { response } });
      return;
    case 'refused':
      await transitionMessage(db, channel, id, MessageStatus.FAILED, { actor, set: told, reason: { code: 'REFUSED', message: response } });
      return;
    case 'unknown':
      if (status === MessageStatus.OUTCOME_UNKNOWN) {
        await endLease(db, message);
        return;
      }
      await transitionMessage(db, channel, id, MessageStatus.OUTCOME_UNKNOWN, { actor, set: told, reason: { code: 'OUTCOME_UNKNOWN', message: response } });
      return;
    default:
      await putOff(db, message, status, known);
  }
}

/** Whether it is still ours, and its row from here on; the prospect before the message, as everybody locks them. */
async function holdClaimed(db: Kysely<any>, { id, channel, fence }: ClaimedMessage): Promise<{ status: MessageStatus; isErased: boolean } | null> {
  await lockProspect(db, channel, id);
  const { rows } = await sql<{ status: MessageStatus; isErased: boolean }>`
    select status, recipient = '' as "isErased" from ${sql.table(messageTables[channel].messages)}
    where id = ${id}::uuid and fence = ${fence} and status in ('sending', 'outcome_unknown')
    for no key update`.execute(db);
  return rows[0] ?? null;
}

/** Or may have. */
const hasLeft = ({ outcome }: Delivered) => outcome === 'sent' || outcome === 'unknown';

/** What has certainly not left does not count against the cap. */
async function settleSender(db: Kysely<any>, { sender }: ClaimedMessage, delivered: Delivered): Promise<void> {
  const { outcome, response } = delivered;
  if (!hasLeft(delivered)) {
    await sql`
      update senders set sent_today = greatest(sent_today - 1, 0) where id = ${sender.id}::uuid and day = ${sender.day}::date`.execute(db);
  }
  if (outcome === 'unavailable') {
    // Of several that met the same silence at once one counts.
    await sql`
      update senders set failures = failures + 1, blocked_by = ${response}, blocked_until = clock_timestamp() + ${pause(pauseOfSender, sql`failures`)}
      where id = ${sender.id}::uuid and (blocked_until is null or blocked_until <= clock_timestamp())`.execute(db);
  } else if (outcome !== 'interrupted') {
    await sql`
      update senders set failures = 0, blocked_by = null, blocked_until = null where id = ${sender.id}::uuid and failures > 0`.execute(db);
  }
}

/** It waits for another attempt; or it is given up, because there were too many or its job was cancelled. */
async function putOff(db: Kysely<any>, { id, channel, attempts, jobId, sender }: ClaimedMessage, status: MessageStatus, { outcome, response, retryAfter }: Delivered): Promise<void> {
  const told = { response, error: response };
  const times = await countEarlier(db, id, outcome);
  if (status === MessageStatus.OUTCOME_UNKNOWN || (outcome in attemptLimit && times + 1 >= attemptLimit[outcome as keyof typeof attemptLimit])) {
    const reason = { code: 'GAVE_UP', message: `Given up after ${attempts} attempts: ${response}` };
    await transitionMessage(db, channel, id, MessageStatus.FAILED, { actor, set: told, reason });
    return;
  }
  const earlier = sql`${times}::int`;
  const waits = {
    deferred: {
      blocked_by: `Tried again later: ${response}`,
      due_at: sql`now() + greatest(${pause(pauseOfMessage.deferred, earlier)}, make_interval(secs => ${retryAfter ?? 0}))`,
    },
    // After another one: should this message be what breaks the other side, it keeps nobody else from being sent.
    unavailable: {
      blocked_by: response,
      due_at: sql`(select greatest(blocked_until, now()) from senders where id = ${sender.id}::uuid) + ${pause(pauseOfMessage.unavailable, earlier)}`,
    },
    interrupted: { blocked_by: 'The worker was stopped.', due_at: sql`now()` },
    // The next claim looks again, and cancels it.
    obstructed: { blocked_by: response, due_at: sql`now()` },
  };
  await transitionMessage(db, channel, id, MessageStatus.DEFERRED, {
    actor, set: { ...told, handed_over_at: null, ...waits[outcome as keyof typeof waits] }, details: { outcome },
  });
  await cancelWithItsJob(db, { id, channel, jobId });
}

/** How often it was put off for this reason before: that nobody was reached costs none of the attempts that somebody refused. */
async function countEarlier(db: Kysely<any>, messageId: string, outcome: Delivered['outcome']): Promise<number> {
  const { rows } = await sql<{ times: number }>`
    select count(*)::int as times from activities
    where subject_type = 'Message' and subject_id = ${messageId}::uuid and action = 'message.deferred' and details ->> 'outcome' = ${outcome}`.execute(db);
  return rows[0]!.times;
}

/** A message that waits again although its job was cancelled meanwhile goes with it. */
export async function cancelWithItsJob(db: Kysely<any>, { id, channel, jobId }: Pick<ClaimedMessage, 'id' | 'channel' | 'jobId'>): Promise<void> {
  const { rows } = await sql<{ status: JobStatus }>`select status from jobs where id = ${jobId}::uuid`.execute(db);
  const given = rows[0]?.status;
  if (given === JobStatus.CANCELLING || given === JobStatus.CANCELLED) {
    await transitionMessage(db, channel, id, MessageStatus.CANCELLED, { actor, reason: { code: 'CANCELLED', message: 'The job was cancelled.' } });
  }
}

function pause({ first, longest }: { first: number; longest: number }, times: ReturnType<typeof sql>) {
  return sql`make_interval(secs => least(${first}::float8 * power(2, least(${times}, 20)), ${longest}::float8))`;
}
