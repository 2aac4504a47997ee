import { sql } from 'kysely';
import { Channel, type DeliveryState, type DraftStatus, type InboundKind, type JobStatus, type JobType, type MessageStatus, type Platform, type WebhookEvent } from '../domain/enums.ts';
import { fromGlobalId, isUuid, uuidOf } from '../domain/globalId.ts';
import { matches, oneOf } from '../entities/conditions.ts';
import { prospectConditions, type ProspectFilter } from '../entities/prospectFilter.ts';
import type { Condition } from './list.ts';
import type { Source } from './readModel.ts';

type Given<Fields> = { [Name in keyof Fields]?: Fields[Name] | null };
type JobFilter = Given<{ type: JobType[]; status: JobStatus[]; createdAfter: Date; createdBefore: Date }>;
type ProfileFilter = Given<{ platform: Platform[]; draftStatus: DraftStatus[]; search: string }>;
type DeliveryFilter = Given<{ webhookId: string; state: DeliveryState[]; event: WebhookEvent[] }>;
type InboundFilter = Given<{ kind: InboundKind[]; prospectId: string }>;
type DraftFilter = Given<{
  status: DraftStatus[]; jobId: string; prospectId: string; isFollowUp: boolean; hasProblems: boolean; search: string;
}>;
type MessageFilter = Given<{ channel: Channel; status: MessageStatus[]; isBlocked: boolean; jobId: string; search: string }>;

const nothing = sql`false`;

/** A filter with uuids instead of global ids; null when an id in it names nothing, so that it selects nothing. */
export function filterByUuids(filter: ProspectFilter): ProspectFilter | null {
  const jobId = filter.jobId == null ? null : uuidOf('Job', filter.jobId);
  if (filter.jobId != null && jobId === null) return null;
  if (filter.reviewBatch != null && !isUuid(filter.reviewBatch)) return null;
  return { ...filter, jobId };
}

export function prospectFilter(filter: ProspectFilter): Condition[] {
  const internal = filterByUuids(filter);
  return internal ? prospectConditions(internal, 't') : [nothing];
}

export function socialProfileFilter({ platform, draftStatus, search }: ProfileFilter): Condition[] {
  return given([
    platform && oneOf(sql`t.platform`, 'platform', platform),
    draftStatus && oneOf(sql`t.draft_status`, 'draft_status', draftStatus),
    search?.trim() && matches(sql`t.search`, search),
  ]);
}

export function jobFilter({ type, status, createdAfter, createdBefore }: JobFilter): Condition[] {
  return given([
    type && oneOf(sql`t.job_type`, 'job_type', type),
    status && oneOf(sql`t.status`, 'job_status', status),
    createdAfter && sql`t.created_at > ${createdAfter}`,
    createdBefore && sql`t.created_at < ${createdBefore}`,
  ]);
}

/** @param subject a global id; null for every subject */
export function activityFilter(subject: string | null): Condition[] {
  if (subject === null) return [];
  const id = fromGlobalId(subject);
  return [id && isUuid(id.key) ? sql`t.subject_type = ${id.type} and t.subject_id = ${id.key}::uuid` : nothing];
}

export function deliveryFilter({ webhookId, state, event }: DeliveryFilter): Condition[] {
  return given([
    webhookId != null && isId(sql`t.webhook_id`, uuidOf('Webhook', webhookId)),
    state && oneOf(sql`t.state`, 'delivery_state', state),
    event && sql`t.event = any(${event}::text[])`,
  ]);
}

export function inboundFilter({ kind, prospectId }: InboundFilter): Condition[] {
  return given([
    kind && oneOf(sql`t.kind`, 'inbound_kind', kind),
    prospectId != null && isId(sql`t.prospect_id`, uuidOf('Prospect', prospectId)),
  ]);
}

/** Drafts are searched by whom they are for. */
export function draftFilter(filter: DraftFilter, source: Source): Condition[] {
  const { status, jobId, prospectId, isFollowUp, hasProblems, search } = filter;
  const isSocial = source.table === 'social_drafts';
  return given([
    status && oneOf(sql`t.status`, 'draft_status', status),
    jobId != null && isId(sql`t.job_id`, uuidOf('Job', jobId)),
    prospectId != null && isId(isSocial ? sql`profile.prospect_id` : sql`t.prospect_id`, uuidOf('Prospect', prospectId)),
    isFollowUp != null && (isFollowUp ? sql`t.is_follow_up` : sql`not t.is_follow_up`),
    hasProblems != null && (hasProblems ? sql`t.problems <> '{}'` : sql`t.problems = '{}'`),
    search?.trim() && isFor(isSocial, search),
  ]);
}

/** Messages are searched by whom they are for. */
export function messageFilter({ channel, status, isBlocked, jobId, search }: MessageFilter, source: Source): Condition[] {
  const isSocial = source.table === 'social_messages';
  return given([
    channel != null && isSocial !== (channel === Channel.SOCIAL) && nothing,
    status && oneOf(sql`t.status`, 'message_status', status),
    isBlocked != null && (isBlocked ? sql`t.blocked_by is not null` : sql`t.blocked_by is null`),
    jobId != null && isId(sql`t.job_id`, uuidOf('Job', jobId)),
    search?.trim() && isFor(isSocial, search),
  ]);
}

/** For a prospect or a profile that these words find. */
const isFor = (isSocial: boolean, words: string): Condition =>
  isSocial
    ? sql`t.social_profile_id in (select social_profiles.id from social_profiles where ${matches(sql`search`, words)})`
    : sql`t.prospect_id in (select prospects.id from prospects where ${matches(sql`search`, words)})`;

/** Drafts or messages of the prospect `parent`, of either channel. */
export const ofParent = (source: Source): Condition =>
  source.table.startsWith('social_') ? sql`profile.prospect_id = parent.id` : sql`t.prospect_id = parent.id`;

function given(conditions: readonly (Condition | false | null | undefined | '')[]): Condition[] {
  return conditions.filter((condition): condition is Condition => Boolean(condition));
}

const isId = (column: Condition, uuid: string | null): Condition => (uuid === null ? nothing : sql`${column} = ${uuid}::uuid`);
