import { registerEnumType } from 'type-graphql';
import {
  Channel, Drafter, DraftStatus, JobStatus, JobType, MessageStatus, PipelineStage, Platform, ReviewStatus, Role, SourceType, TargetOutcome, WaitingReason,
} from '../domain/enums.ts';
import { UserErrorCode } from '../domain/errors.ts';

type Described<Enum extends object> = { [Name in keyof Enum]: string };

/** Registers an enum of TypeScript; the compiler asks for a description of each value. */
export function describeEnum<Enum extends object>(enumeration: Enum, name: string, description: string, values: Described<Enum>): void {
  registerEnumType(enumeration, {
    name,
    description,
    valuesConfig: Object.fromEntries(Object.entries(values).map(([value, text]) => [value, { description: text as string }])) as never,
  });
}

/** An enum whose values are its names, as schema health has them. */
export function enumOf<Name extends string>(name: string, description: string, values: Record<Name, string>): { [Value in Name]: Value } {
  const enumeration = Object.fromEntries(Object.keys(values).map((value) => [value, value])) as { [Value in Name]: Value };
  describeEnum(enumeration, name, description, values as never);
  return enumeration;
}

export enum OrderDirection { ASC = 'asc', DESC = 'desc' }
export enum ProspectOrderField { CREATED_AT = 'CREATED_AT', UPDATED_AT = 'UPDATED_AT', DISPLAY_NAME = 'DISPLAY_NAME', FOLLOWER_COUNT = 'FOLLOWER_COUNT' }
export enum SocialProfileOrderField { CREATED_AT = 'CREATED_AT', FOLLOWER_COUNT = 'FOLLOWER_COUNT', USERNAME = 'USERNAME' }
export enum DraftOrderField { CREATED_AT = 'CREATED_AT', UPDATED_AT = 'UPDATED_AT' }
export enum JobOrderField { CREATED_AT = 'CREATED_AT', FINISHED_AT = 'FINISHED_AT' }
export const ReviewDecision = { APPROVE: 'approve', REJECT: 'reject', REOPEN: 'reopen' } as const;
export type ReviewDecision = (typeof ReviewDecision)[keyof typeof ReviewDecision];
export const MessageResolution = { SENT: 'sent', NOT_SENT: 'not_sent', REPLIED: 'replied' } as const;
export type MessageResolution = (typeof MessageResolution)[keyof typeof MessageResolution];
export enum ImportFormat { CSV = 'csv', NDJSON = 'ndjson' }

describeEnum(SourceType, 'SourceType', 'The pipeline that a prospect came in by.', {
  WEBSITE: 'Found on a website.',
  SOCIAL: 'Found on a social platform.',
});
describeEnum(Platform, 'Platform', 'A platform that Outrider knows by name; more values may be added.', {
  WEBSITE: 'A website of its own.',
  LINKEDIN: 'linkedin.com',
  INSTAGRAM: 'instagram.com',
  FACEBOOK: 'facebook.com',
  TIKTOK: 'tiktok.com',
  X: 'x.com, once twitter.com',
  YOUTUBE: 'youtube.com',
  BLUESKY: 'bsky.app',
  MASTODON: 'A Mastodon server.',
  GITHUB: 'github.com',
  GITLAB: 'gitlab.com or a GitLab server.',
  OTHER: 'Any other platform.',
});
describeEnum(ReviewStatus, 'ReviewStatus', 'What a person decided about a prospect.', {
  PENDING: 'Nobody has decided yet.',
  APPROVED: 'May be contacted.',
  REJECTED: 'Will not be contacted.',
});
describeEnum(DraftStatus, 'DraftStatus', 'How far the writing of a message has come.', {
  NONE: 'There is no draft.',
  GENERATING: 'A worker is writing it.',
  PENDING_REVIEW: 'It waits for a person.',
  APPROVED: 'This very text may be sent.',
  REJECTED: 'It will not be sent.',
  SENT: 'It was sent.',
  FAILED: 'It could not be written.',
});
describeEnum(PipelineStage, 'PipelineStage', 'Exactly one per prospect; the stage counts of PipelineStatus sum to the number of prospects.', {
  DISCOVERED: 'Found, not reviewed.',
  REJECTED: 'Reviewed and turned down.',
  REVIEWED: 'Approved, without a draft.',
  DRAFTED: 'A draft waits for approval.',
  APPROVED: 'A draft is approved.',
  SENT: 'A first message was sent.',
  FOLLOWED_UP: 'A follow-up was sent.',
  REPLIED: 'They replied.',
  EXCLUDED: 'Suppressed or erased: never contacted again.',
});
describeEnum(Channel, 'Channel', 'EMAIL is the website pipeline, SOCIAL the social one; each has its own tables.', {
  EMAIL: 'By e-mail.',
  SOCIAL: 'By a message on a social platform.',
});
describeEnum(MessageStatus, 'MessageStatus', 'How far a message has come; more values may be added.', {
  QUEUED: 'Waits to be sent; `blockedBy` says for what.',
  SENDING: 'Is being sent.',
  SENT: 'Was sent.',
  DEFERRED: 'Could not be sent for now; it is tried again at `dueAt`.',
  FAILED: 'Could not be sent; `error` says why.',
  BOUNCED: 'Was sent and came back.',
  COMPLAINED: 'Was sent and reported as spam.',
  REPLIED: 'Was sent and answered.',
  CANCELLED: 'Will not be sent.',
  OUTCOME_UNKNOWN: 'May have been sent: it is never tried again by itself, a person decides.',
});
describeEnum(WaitingReason, 'WaitingReason', 'What holds a message; more values may be added.', {
  WINDOW: 'The sending window is closed.',
  DAILY_CAP: 'Its sender has sent as many as it may today.',
  GAP: 'Its sender has sent another one just now.',
  SUPPRESSION: 'The recipient must not be contacted.',
  CONFIGURATION: 'The worker lacks a setting.',
  BY_HAND: 'A person has to send it.',
  OTHER_SIDE: 'The mail server or the webhook did not take it; it is tried again.',
  NONE: 'Nothing: a worker takes it next.',
});
describeEnum(Drafter, 'Drafter', 'Who writes the drafts of a job; more values may be added.', {
  LIQUID: 'The templates themselves.',
  LANGUAGE_MODEL: 'The configured language model (LLM_BASE_URL, LLM_MODEL), instructed by the templates; it is told only what they name.',
});
describeEnum(JobType, 'JobType', 'What a job does; more values may be added.', {
  IMPORT: 'Reads prospects from a file.',
  DISCOVER: 'Searches a platform for prospects.',
  DRAFT: 'Writes drafts.',
  SEND: 'Sends approved drafts.',
  FOLLOW_UP: 'Writes follow-ups.',
});
describeEnum(JobStatus, 'JobStatus', 'How far a job has come.', {
  PENDING: 'Waits for a worker.',
  RUNNING: 'A worker is at it.',
  PAUSED: 'Held by a person.',
  CANCELLING: 'Stops after the chunks that are being worked on.',
  CANCELLED: 'Stopped by a person.',
  SUCCEEDED: 'Every target is done or skipped.',
  COMPLETED_WITH_ERRORS: 'Finished; some targets failed.',
  FAILED: 'Gave up; `error` says why.',
});
describeEnum(TargetOutcome, 'TargetOutcome', 'What became of a target or an imported row; more values may be added.', {
  CREATED: 'A new prospect.',
  UPDATED: 'A known prospect that changed.',
  UNCHANGED: 'A known prospect with nothing new.',
  DUPLICATE: 'The same file had it before.',
  DONE: 'Worked on as asked.',
  SKIPPED: 'Left out for a reason that is no failure.',
  FAILED: 'Could not be worked on.',
});
describeEnum(Role, 'Role', 'What a caller may do.', {
  VIEWER: 'Reads.',
  OPERATOR: 'Also runs the pipeline.',
  ADMIN: 'Also repairs the schema, manages keys and erases people.',
});
describeEnum(UserErrorCode, 'UserErrorCode', 'The kind of an expected failure; more values may be added.', {
  INVALID: 'The input cannot be used as it is.',
  NOT_FOUND: 'There is nothing with this id.',
  CONFLICT: 'Something that exists stands in the way.',
  ILLEGAL_TRANSITION: 'The state does not allow it; `allowed` says what it does allow.',
  STALE: 'It changed since it was read.',
  SUPPRESSED: 'They must not be contacted.',
  FORBIDDEN: 'The role does not allow it.',
  SCHEMA_NOT_READY: 'The database schema lacks what this needs.',
  NOT_CONFIGURED: 'A setting is missing; the message names it.',
  UNSUPPORTED: 'This platform has no open door; the message says what to do instead.',
  RATE_LIMITED: 'Too much at once.',
});
describeEnum(OrderDirection, 'OrderDirection', 'Which way a list runs.', { ASC: 'Smallest or oldest first.', DESC: 'Largest or newest first.' });
describeEnum(ProspectOrderField, 'ProspectOrderField', 'What prospects are ordered by; ties by id.', {
  CREATED_AT: 'When the prospect was created.',
  UPDATED_AT: 'When the prospect last changed.',
  DISPLAY_NAME: 'The name, letter case aside.',
  FOLLOWER_COUNT: 'The number of followers; unknown counts as fewest.',
});
describeEnum(SocialProfileOrderField, 'SocialProfileOrderField', 'What social profiles are ordered by; ties by id.', {
  CREATED_AT: 'When the profile was created.',
  FOLLOWER_COUNT: 'The number of followers; unknown counts as fewest.',
  USERNAME: 'The handle, letter case aside.',
});
describeEnum(DraftOrderField, 'DraftOrderField', 'What drafts are ordered by; ties by id.', {
  CREATED_AT: 'When the draft was created.',
  UPDATED_AT: 'When the draft last changed.',
});
describeEnum(JobOrderField, 'JobOrderField', 'What jobs are ordered by; ties by id.', {
  CREATED_AT: 'When the job was created.',
  FINISHED_AT: 'When the job ended; one that has not counts as latest.',
});
describeEnum(ImportFormat, 'ImportFormat', 'How a file of prospects is written.', {
  CSV: 'Comma-separated values with a header line.',
  NDJSON: 'JSON: one object a line, or one array of objects.',
});
describeEnum(ReviewDecision, 'ReviewDecision', 'What a person decides.', {
  APPROVE: 'They may be contacted.',
  REJECT: 'They will not be contacted.',
  REOPEN: 'Back to pending: takes a decision back.',
});
describeEnum(MessageResolution, 'MessageResolution', 'What became of a message, told by a person.', {
  SENT: 'It was sent: by hand, or after all.',
  NOT_SENT: 'It was not sent, although it may have been.',
  REPLIED: 'It was answered.',
});
