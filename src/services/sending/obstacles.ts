import { sql, type RawBuilder } from 'kysely';
import { Channel, DraftStatus } from '../../domain/enums.ts';
import { UserErrorCode } from '../../domain/errors.ts';
import { messageTables } from '../messages/messageTables.ts';

/** Drafts `d` with the prospects `p` that they are for, and their profiles `s`. */
export const draftSource: Readonly<Record<Channel, RawBuilder<unknown>>> = {
  [Channel.EMAIL]: sql`email_drafts as d join prospects as p on p.id = d.prospect_id`,
  [Channel.SOCIAL]: sql`social_drafts as d join social_profiles as s on s.id = d.social_profile_id join prospects as p on p.id = s.prospect_id`,
};

/** What keeps the draft `d` from being sent to `p` now: a key of `obstacles`, or null. Asked when queueing and again when sending. */
export function obstacleOf(channel: Channel, suppressedProspects: readonly string[] = []): RawBuilder<unknown> {
  const [address, mayBeWritten] = channel === Channel.EMAIL
    ? [sql`p.email`, sql`when p.email_blocked then 'ADDRESS_BLOCKED'`]
    : [sql`s.profile_url`, sql``];
  return sql`case
    when d.status <> 'approved' then 'NOT_APPROVED'
    when p.excluded_at is not null or p.erased_at is not null then 'EXCLUDED'
    when p.id = any(${suppressedProspects}::uuid[]) then 'SUPPRESSED'
    when p.replied_at is not null then 'REPLIED'
    when p.review_status <> 'approved' then 'REVIEW_TAKEN_BACK'
    when ${address} is distinct from d.recipient then 'RECIPIENT_CHANGED'
    ${mayBeWritten}
  end`;
}

/** The same for its message `m`: what was approved must be what it says. */
export function obstacleOfMessage(channel: Channel): RawBuilder<unknown> {
  return sql`coalesce(${obstacleOf(channel)}, case when d.approved_fingerprint is distinct from m.fingerprint then 'TEXT_CHANGED' end)`;
}

/** Whether the draft `d` has a message that is under way or has left. */
export function hasMessage(channel: Channel): RawBuilder<unknown> {
  return sql`exists (select from ${sql.table(messageTables[channel].messages)} as sent where sent.draft_id = d.id and sent.status not in ('failed', 'cancelled'))`;
}

export type Obstacle =
  | 'NOT_APPROVED' | 'EXCLUDED' | 'SUPPRESSED' | 'REPLIED' | 'REVIEW_TAKEN_BACK' | 'RECIPIENT_CHANGED' | 'ADDRESS_BLOCKED' | 'ALREADY_QUEUED' | 'TEXT_CHANGED';

/** Why a draft is not sent, for whoever named it and as its job shows it. */
export const obstacles: Readonly<Record<Obstacle, { code: UserErrorCode; message: string }>> = {
  NOT_APPROVED: { code: UserErrorCode.ILLEGAL_TRANSITION, message: 'The draft is not approved.' },
  EXCLUDED: { code: UserErrorCode.SUPPRESSED, message: 'The prospect must not be contacted.' },
  SUPPRESSED: { code: UserErrorCode.SUPPRESSED, message: 'The recipient must not be contacted.' },
  REPLIED: { code: UserErrorCode.CONFLICT, message: 'The prospect has replied: answer in person.' },
  REVIEW_TAKEN_BACK: { code: UserErrorCode.CONFLICT, message: 'The approval of the prospect was taken back.' },
  RECIPIENT_CHANGED: { code: UserErrorCode.STALE, message: 'The recipient has changed since the draft was written: draft it again.' },
  ADDRESS_BLOCKED: { code: UserErrorCode.INVALID, message: 'Cold mail to this address is not allowed.' },
  ALREADY_QUEUED: { code: UserErrorCode.CONFLICT, message: 'The draft has a message already that is under way or has left.' },
  TEXT_CHANGED: { code: UserErrorCode.STALE, message: 'The draft was changed after the message had been queued.' },
};

/** The same for a draft in a state that cannot be sent: from where it goes where. */
export function notApproved(status: DraftStatus, allowed: readonly string[]): string {
  const onwards = allowed.length > 0 ? `from there it goes to ${allowed.join(' or ')}` : 'nothing follows that';
  return `The draft is ${status.toUpperCase()} and cannot become SENT, which only an APPROVED one can: ${onwards}.`;
}
