import { sql, type Kysely, type RawBuilder } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { scopeExpression } from './prospectFields.ts';
import { touched } from '../touched.ts';

/** Where the drafts of a channel live. Both statements are parts of larger ones. */
export interface DraftChannel {
  /**
   * `id, prospect_id, read_at, recipient, platform, obstacle, fields` of targets: `read_at` is the version that is read, `obstacle`
   * the code of why it gets no draft.
   */
  read(targetIds: readonly string[], variables: ReadonlySet<string>): RawBuilder<unknown>;
  /**
   * Two common table expressions over `draft`: `projected`, the targets that are still as they were read and are
   * locked from here on, and `drafted (target_id)`, those that got a draft.
   */
  write(jobId: string): RawBuilder<unknown>;
  /** Those of these prospects that must not be contacted, where the rows alone cannot tell. */
  suppressed?(db: Kysely<any>, prospectIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Why a target gets no draft. */
export const obstacles: Readonly<Record<string, string>> = {
  DELETED: 'The prospect was deleted.',
  EXCLUDED: 'The prospect must not be contacted.',
  NOT_APPROVED: 'The prospect is not approved.',
  NO_ADDRESS: 'The prospect has no e-mail address.',
  ADDRESS_BLOCKED: 'Cold mail to this address is not allowed.',
  ALREADY_DRAFTED: 'There is a draft already.',
  SUPPRESSED: 'The prospect must not be contacted.',
  REPLIED: 'They have replied.',
  BOUNCED: 'The last message came back.',
  COMPLAINED: 'They have complained.',
  NOTHING_SENT: 'Nothing was sent to them yet.',
  ADDRESS_CHANGED: 'They have another address than the last message went to.',
  MESSAGE_WAITING: 'A message to them is still under way.',
  FOLLOWED_UP_ENOUGH: 'They were followed up as often as the settings allow.',
  NOT_DUE: 'The last message is too recent.',
};

const unwelcome = sql`when p.excluded_at is not null then 'EXCLUDED' when p.review_status <> 'approved' then 'NOT_APPROVED'`;

/** The obstacles that a prospect `p` itself is, as branches of a CASE: they hold for a draft that is there as well. */
export const unreachable: Readonly<Record<Channel, RawBuilder<unknown>>> = {
  [Channel.EMAIL]: sql`${unwelcome} when p.email is null then 'NO_ADDRESS' when p.email_blocked then 'ADDRESS_BLOCKED'`,
  [Channel.SOCIAL]: unwelcome,
};

/**
 * A draft that stands in the way of another one, in the words of the unique index. Asked in a lateral join with a limit:
 * as `exists` the planner reads all drafts there are, for every chunk.
 */
const isOpen = sql`not d.is_follow_up and d.status in ('generating', 'pending_review', 'approved', 'sent')`;

const email: DraftChannel = {
  read: (targetIds, variables) => sql`
    select p.id, p.id as prospect_id, p.updated_at::text as read_at, p.email as recipient, null as platform,
      case
        ${unreachable[Channel.EMAIL]}
        when open.found then 'ALREADY_DRAFTED'
      end as obstacle,
      ${sql.raw(scopeExpression(variables, Channel.EMAIL))} as fields
    from prospects as p left join lateral (
      select true as found from email_drafts as d
      where d.prospect_id = p.id and ${isOpen}
      limit 1
    ) as open on true
    where p.id = any(${targetIds}::uuid[])`,
  write: (jobId) => sql`
    projected as (
      update prospects as p set ${touched('p')}, draft_subject = draft.subject, draft_body = draft.body, draft_status = 'pending_review'
      from draft
      where p.id = draft.target_id and p.updated_at = draft.read_at
      returning p.id
    ), drafted as (
      insert into email_drafts (id, prospect_id, job_id, subject, body, fingerprint, recipient, problems)
      select draft_id, target_id, ${jobId}::uuid, subject, body, fingerprint, recipient, problems::text[]
      from draft join projected on projected.id = target_id
      on conflict do nothing
      returning prospect_id as target_id
    )`,
};

const social: DraftChannel = {
  read: (targetIds, variables) => sql`
    select s.id, p.id as prospect_id, greatest(s.updated_at, p.updated_at)::text as read_at, s.profile_url as recipient, s.platform,
      case
        ${unreachable[Channel.SOCIAL]}
        when open.found then 'ALREADY_DRAFTED'
      end as obstacle,
      ${sql.raw(scopeExpression(variables, Channel.SOCIAL))} as fields
    from social_profiles as s join prospects as p on p.id = s.prospect_id left join lateral (
      select true as found from social_drafts as d
      where d.social_profile_id = s.id and ${isOpen}
      limit 1
    ) as open on true
    where s.id = any(${targetIds}::uuid[])`,
  write: (jobId) => sql`
    projected as (
      update social_profiles as s set draft_status = 'pending_review'
      from (
        -- The prospect before its profile, as everybody locks them: the projection writes to it.
        select draft.target_id, draft.read_at, p.updated_at
        from draft join social_profiles as profile on profile.id = draft.target_id join prospects as p on p.id = profile.prospect_id
        order by p.id for no key update of p
      ) as held
      where s.id = held.target_id and greatest(s.updated_at, held.updated_at) = held.read_at
      returning s.id
    ), drafted as (
      insert into social_drafts (id, social_profile_id, job_id, body, fingerprint, recipient, problems)
      select draft_id, target_id, ${jobId}::uuid, body, fingerprint, recipient, problems::text[]
      from draft join projected on projected.id = target_id
      on conflict do nothing
      returning social_profile_id as target_id
    )`,
};

export const draftChannels: Readonly<Record<Channel, DraftChannel>> = { [Channel.EMAIL]: email, [Channel.SOCIAL]: social };
