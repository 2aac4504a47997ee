import { type Kysely, sql } from 'kysely';
import { Channel, MessageStatus, TargetOutcome } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { messageTransitions, statesBefore } from '../../domain/transitions.ts';
import { illegalTransition } from '../illegalTransition.ts';
import { recordActivity } from '../recordActivity.ts';
import { endMessageChunk, type MessageEnd } from './endMessageChunk.ts';
import { holdMessageChunk, leaseEnd, releaseMessageChunk } from './messageLease.ts';
import { messageTables } from './messageTables.ts';

export interface MessageChange {
  actor: string;
  /** narrower than the table of states, where the caller relies on more than what is legal */
  from?: readonly MessageStatus[];
  /** column → value or SQL; `blocked_by`, `due_at` and `lease_until` end with the state they were set in, unless told */
  set?: Readonly<Record<string, unknown>>;
  /** `details` of the activity: no personal data */
  details?: { [name: string]: unknown };
  /** why it failed or was cancelled, as the job shows it */
  reason?: { code: string; message: string };
}

export interface ChangedMessage {
  id: string;
  from: MessageStatus;
  isFollowUp: boolean;
  prospectId: string;
  /** the prospect, or on the social channel the profile */
  targetId: string;
  draftId: string;
  jobId: string | null;
}

interface Row extends ChangedMessage {
  /** number of its chunk in the job */
  chunk: number | null;
}

/**
 * Moves a message along its table of states, with its activity and its chunk of the job, inside the caller's transaction;
 * the message's row stays locked until that ends.
 * @throws {UserErrors} NOT_FOUND, or ILLEGAL_TRANSITION with what is allowed
 */
export async function transitionMessage(
  db: Kysely<any>, channel: Channel, messageId: string, to: MessageStatus, { actor, from, set, details, reason }: MessageChange,
): Promise<ChangedMessage> {
  const { chunk, ...message } = await lockMessage(db, channel, messageId);
  const allowed = statesBefore(messageTransitions, to).filter((status) => from?.includes(status) ?? true);
  if (!allowed.includes(message.from)) {
    throw refusal(message, to);
  }
  const columns = Object.entries({ blocked_by: null, due_at: null, lease_until: null, ...(to === MessageStatus.SENDING && claimed), ...set });
  await sql`
    update ${sql.table(messageTables[channel].messages)} set status = ${to}::message_status,
      ${sql.join(columns.map(([column, value]) => sql`${sql.ref(column)} = ${value}`))}
    where id = ${messageId}::uuid and status = any(${allowed}::message_status[])`.execute(db);
  await recordActivity(db, { actor, action: `message.${to}`, subjectType: 'Message', subjectId: messageId, from: message.from, to, details });
  if (message.jobId !== null && chunk !== null) {
    await moveChunk(db, { jobId: message.jobId, chunk, targetId: message.targetId, ...reason }, to);
  }
  return message;
}

/** Whoever sends it from here on is known by its fence. */
const claimed = { fence: sql`fence + 1`, attempts: sql`attempts + 1`, handed_over_at: null, lease_until: leaseEnd };

async function moveChunk(db: Kysely<any>, end: Omit<MessageEnd, 'outcome'>, to: MessageStatus): Promise<void> {
  const outcome = outcomes[to];
  if (outcome) {
    await endMessageChunk(db, { ...end, outcome });
  } else if (to === MessageStatus.SENDING) {
    await holdMessageChunk(db, end.jobId, end.chunk);
  } else if (to === MessageStatus.DEFERRED) {
    await releaseMessageChunk(db, end.jobId, end.chunk);
  }
}

/** What an end of a message is for its job. Whether it arrived is not known: a person has to look, as after a failure. */
const outcomes: Partial<Record<MessageStatus, TargetOutcome>> = {
  [MessageStatus.SENT]: TargetOutcome.DONE,
  [MessageStatus.FAILED]: TargetOutcome.FAILED,
  [MessageStatus.OUTCOME_UNKNOWN]: TargetOutcome.FAILED,
  [MessageStatus.CANCELLED]: TargetOutcome.SKIPPED,
};

async function lockMessage(db: Kysely<any>, channel: Channel, messageId: string): Promise<Row> {
  const { messages, targetId } = messageTables[channel];
  const [prospectId, profile] = channel === Channel.EMAIL
    ? [sql`m.prospect_id`, sql``]
    : [sql`s.prospect_id`, sql`join social_profiles as s on s.id = m.social_profile_id`];
  const { rows } = await sql<Row>`
    select m.id, m.status as from, m.is_follow_up as "isFollowUp", ${prospectId} as "prospectId", m.${sql.ref(targetId)} as "targetId",
      m.draft_id as "draftId", m.job_id as "jobId", m.chunk
    from ${sql.table(messages)} as m ${profile}
    where m.id = ${messageId}::uuid for no key update of m`.execute(db);
  const [message] = rows;
  if (!message) {
    throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such message.', field: ['input', 'id'] });
  }
  return message;
}

/** Where the state alone would do, it is the sender's to say. */
function refusal({ id, from }: ChangedMessage, to: MessageStatus): UserErrors {
  const error = illegalTransition('Message', id, messageTransitions, { from, to });
  const isTheSenders = messageTransitions[from].includes(to);
  return new UserErrors(isTheSenders ? { ...error, message: `The message is ${from.toUpperCase()}: what becomes of it, its sender says.` } : error);
}
