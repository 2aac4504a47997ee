/** Where a prospect was found. */
export enum SourceType {
  WEBSITE = 'website',
  SOCIAL = 'social',
}

/** Platforms that Outrider knows by name; everything else is OTHER. */
export enum Platform {
  WEBSITE = 'website',
  LINKEDIN = 'linkedin',
  INSTAGRAM = 'instagram',
  FACEBOOK = 'facebook',
  TIKTOK = 'tiktok',
  X = 'x',
  YOUTUBE = 'youtube',
  BLUESKY = 'bluesky',
  MASTODON = 'mastodon',
  GITHUB = 'github',
  GITLAB = 'gitlab',
  OTHER = 'other',
}

export enum ReviewStatus {
  PENDING = 'pending',
  APPROVED = 'approved',
  REJECTED = 'rejected',
}

export enum DraftStatus {
  NONE = 'none',
  GENERATING = 'generating',
  PENDING_REVIEW = 'pending_review',
  APPROVED = 'approved',
  REJECTED = 'rejected',
  SENT = 'sent',
  FAILED = 'failed',
}

/** Exactly one per prospect; derived by the database from the prospect's other columns. */
export enum PipelineStage {
  DISCOVERED = 'discovered',
  REJECTED = 'rejected',
  REVIEWED = 'reviewed',
  DRAFTED = 'drafted',
  APPROVED = 'approved',
  SENT = 'sent',
  FOLLOWED_UP = 'followed_up',
  REPLIED = 'replied',
  EXCLUDED = 'excluded',
}

/** EMAIL is the website pipeline, SOCIAL the social one; each has its own tables. */
export enum Channel {
  EMAIL = 'email',
  SOCIAL = 'social',
}

/** Who writes the drafts of a job: a template, or a language model that a template instructs. */
export enum Drafter {
  LIQUID = 'liquid',
  LANGUAGE_MODEL = 'language_model',
}

export enum MessageStatus {
  QUEUED = 'queued',
  SENDING = 'sending',
  SENT = 'sent',
  DEFERRED = 'deferred',
  FAILED = 'failed',
  BOUNCED = 'bounced',
  COMPLAINED = 'complained',
  REPLIED = 'replied',
  CANCELLED = 'cancelled',
  OUTCOME_UNKNOWN = 'outcome_unknown',
}

export enum JobType {
  IMPORT = 'import',
  DISCOVER = 'discover',
  DRAFT = 'draft',
  SEND = 'send',
  FOLLOW_UP = 'follow_up',
}

export enum JobStatus {
  PENDING = 'pending',
  RUNNING = 'running',
  PAUSED = 'paused',
  CANCELLING = 'cancelling',
  CANCELLED = 'cancelled',
  SUCCEEDED = 'succeeded',
  COMPLETED_WITH_ERRORS = 'completed_with_errors',
  FAILED = 'failed',
}

/** A chunk of a job's targets: waiting, leased by a worker, finished, or given up because the job was cancelled. */
export enum ChunkState {
  READY = 'ready',
  RUNNING = 'running',
  DONE = 'done',
  CANCELLED = 'cancelled',
}

/** What became of a target or an imported row. */
export enum TargetOutcome {
  CREATED = 'created',
  UPDATED = 'updated',
  UNCHANGED = 'unchanged',
  DUPLICATE = 'duplicate',
  DONE = 'done',
  SKIPPED = 'skipped',
  FAILED = 'failed',
}

export enum Role {
  VIEWER = 'viewer',
  OPERATOR = 'operator',
  ADMIN = 'admin',
}

export enum SuppressionKind {
  EMAIL = 'email',
  DOMAIN = 'domain',
  HANDLE = 'handle',
}

/** Why a message waits, in a word. */
export enum WaitingReason {
  /** outside of the hours in which messages may leave */
  WINDOW = 'window',
  DAILY_CAP = 'daily_cap',
  GAP = 'gap',
  SUPPRESSION = 'suppression',
  CONFIGURATION = 'configuration',
  BY_HAND = 'by_hand',
  /** what the mail server or the webhook said */
  OTHER_SIDE = 'other_side',
  NONE = 'none',
}

/** What a mail that came back is. */
export enum InboundKind {
  /** written by a person */
  REPLY = 'reply',
  /** out of office and the like (RFC 3834) */
  AUTO_REPLY = 'auto_reply',
  /** it will never arrive (RFC 3464) */
  BOUNCE = 'bounce',
  /** it may still arrive, or it has: a report that changes nothing */
  DELIVERY_REPORT = 'delivery_report',
  /** marked as spam (RFC 5965) */
  COMPLAINT = 'complaint',
  /** belongs to no message of ours */
  UNRELATED = 'unrelated',
}

/** An event on its way to somebody's webhook. */
export enum DeliveryState {
  WAITING = 'waiting',
  DELIVERED = 'delivered',
  /** given up */
  FAILED = 'failed',
}

/** What webhooks can be told. */
export enum WebhookEvent {
  MESSAGE_SENT = 'message.sent',
  MESSAGE_REPLIED = 'message.replied',
  MESSAGE_BOUNCED = 'message.bounced',
  MESSAGE_COMPLAINED = 'message.complained',
  JOB_FINISHED = 'job.finished',
  SCHEMA_BROKEN = 'schema.broken',
}
