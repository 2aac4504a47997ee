import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import { Channel } from '../../domain/enums.ts';
import { unreachable, type DraftChannel } from '../drafts/draftChannel.ts';
import { suppressedProspects } from '../drafts/objections.ts';
import { scopeExpression } from '../drafts/prospectFields.ts';
import { messageTables } from '../messages/messageTables.ts';

export interface FollowUpRules {
  /** days without a reply since the last message, by the database's clock */
  afterDays: number;
  /** follow-ups to one prospect or profile at most */
  maximum: number;
}

/** A channel's targets, over `prospects p` and, on the social channel, `social_profiles s`. */
const targets = {
  [Channel.EMAIL]: {
    from: sql`prospects as p`,
    id: sql`p.id`,
    version: sql`p.updated_at`,
    address: sql`p.email`,
    platform: sql`null`,
    subject: sql`case when history.subject ~* '^\\s*re:' then history.subject else 'Re: ' || history.subject end`,
    firstSubject: sql`(array_agg(m.subject order by m.sent_at, m.id) filter (where m.status = 'sent'))[1]`,
  },
  [Channel.SOCIAL]: {
    from: sql`social_profiles as s join prospects as p on p.id = s.prospect_id`,
    id: sql`s.id`,
    version: sql`greatest(s.updated_at, p.updated_at)`,
    address: sql`s.profile_url`,
    platform: sql`s.platform`,
    subject: sql`null`,
    firstSubject: sql`null`,
  },
} as const;

/**
 * Every target with `history`, what was sent to it on this channel, and `open`, whether a follow-up waits for a person. Both
 * look at all that the target has, in one way: a condition would let the planner go through the follow-ups of everybody.
 */
function withHistory(channel: Channel): RawBuilder<unknown> {
  const { from, id, firstSubject } = targets[channel];
  const { messages, drafts, targetId } = messageTables[channel];
  const has = (...statuses: string[]) => sql`coalesce(bool_or(m.status = any(${statuses}::message_status[])), false)`;
  return sql`
    ${from} cross join lateral (
      select max(m.sent_at) filter (where m.status = 'sent') as last_sent_at,
        (array_agg(m.recipient order by m.sent_at desc nulls last, m.id desc) filter (where m.status = 'sent'))[1] as recipient,
        ${firstSubject} as subject,
        count(*) filter (where m.is_follow_up and m.status = 'sent') as follow_ups,
        ${has('replied')} as replied, ${has('bounced')} as bounced, ${has('complained')} as complained,
        ${has('queued', 'sending', 'deferred', 'outcome_unknown')} as waiting
      from ${sql.table(messages)} as m where m.${sql.ref(targetId)} = ${id}
    ) as history cross join lateral (
      select coalesce(bool_or(d.is_follow_up and d.status in ('generating', 'pending_review', 'approved')), false) as found
      from ${sql.table(drafts)} as d where d.${sql.ref(targetId)} = ${id}
    ) as open`;
}

/** Why a target gets no follow-up now: a code of `obstacles`, or null. */
function obstacleOf(channel: Channel, { afterDays, maximum }: FollowUpRules): RawBuilder<unknown> {
  return sql`case
    when p.erased_at is not null then 'EXCLUDED'
    when p.replied_at is not null or history.replied then 'REPLIED'
    when history.complained then 'COMPLAINED'
    when history.bounced then 'BOUNCED'
    ${unreachable[channel]}
    when history.waiting then 'MESSAGE_WAITING'
    when history.last_sent_at is null then 'NOTHING_SENT'
    when history.recipient is distinct from ${targets[channel].address} then 'ADDRESS_CHANGED'
    when open.found then 'ALREADY_DRAFTED'
    when history.follow_ups >= ${maximum}::int then 'FOLLOWED_UP_ENOUGH'
    when history.last_sent_at > now() - ${interval(afterDays)} then 'NOT_DUE'
  end`;
}

/** Days of 24 hours, whatever clocks do in a place. */
const interval = (days: number) => sql`make_interval(hours => 24 * ${days}::int)`;

/** Ids of all prospects, or profiles, that are due. */
export function selectDue(channel: Channel, rules: FollowUpRules): RawBuilder<unknown> {
  const { id } = targets[channel];
  const { messages, targetId } = messageTables[channel];
  return sql`
    select ${id} as id from ${withHistory(channel)}
    where ${id} in (select ${sql.ref(targetId)} from ${sql.table(messages)} where status = 'sent' and sent_at <= now() - ${interval(rules.afterDays)})
      and ${obstacleOf(channel, rules)} is null`;
}

/** Where a channel's follow-ups live: beside its first drafts, projected nowhere, kept off by what has happened since. */
export function followUpPlace(channel: Channel, rules: FollowUpRules, outreach: Outreach): DraftChannel {
  const { from, id, version, address, platform, subject } = targets[channel];
  const { messages, drafts, targetId } = messageTables[channel];
  const subjectColumn = channel === Channel.EMAIL ? sql`subject, ` : sql``;
  return {
    read: (targetIds, variables) => sql`
      select ${id} as id, p.id as prospect_id, ${version}::text as read_at, ${address} as recipient, ${platform} as platform,
        ${subject} as subject, ${obstacleOf(channel, rules)} as obstacle, ${sql.raw(scopeExpression(variables, channel))} as fields
      from ${withHistory(channel)}
      where ${id} = any(${targetIds}::uuid[])`,
    // The prospect is locked before its messages are looked at: whoever writes down an answer has locked it too.
    write: (jobId) => sql`
      projected as materialized (
        select current.id from draft cross join lateral (
          select ${id} as id from ${from} where ${id} = draft.target_id and ${version} = draft.read_at
          for no key update of p
        ) as current
      ), drafted as (
        insert into ${sql.table(drafts)} (id, ${sql.ref(targetId)}, job_id, ${subjectColumn}body, fingerprint, recipient, problems, is_follow_up)
        select draft_id, target_id, ${jobId}::uuid, ${subjectColumn}body, fingerprint, recipient, problems::text[], true
        from draft join projected on projected.id = target_id
        where not exists (
          select from ${sql.table(messages)} as m where m.${sql.ref(targetId)} = target_id and m.status not in ('sent', 'failed', 'cancelled')
        )
        on conflict do nothing
        returning ${sql.ref(targetId)} as target_id
      )`,
    suppressed: (db: Kysely<any>, prospectIds) => suppressedProspects(db, outreach, prospectIds),
  };
}
