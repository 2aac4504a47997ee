import type { Needs } from './needs.ts';

export const activity: Needs = { tables: { activities: { insert: 'id actor action subject_type subject_id from_state to_state details' } } };

export const once: Needs = {
  tables: {
    idempotency_keys: { select: 'caller mutation key created_at input_hash job_id', insert: 'caller mutation key input_hash job_id', upsert: true, delete: true },
  },
  objects: ['idempotency_keys#idempotency_keys_pkey'],
};

export const insertProspects: Needs = {
  tables: {
    prospects: {
      select: 'id canonical_key',
      insert:
        'id canonical_key source_type source_platform profile_url username display_name email email_blocked bio_text follower_count engagement_rate scraped_at external_links tags source_job_id discovery_query_id',
      upsert: true,
    },
  },
  objects: ['source_type', 'platform', 'prospects#prospects_canonical_key'],
};

export const insertProfiles: Needs = {
  tables: {
    social_profiles: {
      select: 'canonical_key',
      insert:
        'id prospect_id canonical_key platform username display_name profile_url bio_text external_links follower_count engagement_rate scraped_at',
      upsert: true,
    },
  },
  objects: ['social_profiles#social_profiles_canonical_key'],
};

export const transition: Needs = {
  tables: {
    jobs: { select: 'id job_type status sequence started_at', update: 'status sequence started_at finished_at' },
    ...activity.tables,
  },
  objects: ['job_status'],
};

export const insertJob: Needs = {
  tables: {
    jobs: { insert: 'id job_type sequence created_by parameters dry_run retry_of_id attempt' },
    ...activity.tables,
  },
  objects: ['job_type'],
};

/** What is told to webhooks, in the transaction that makes it happen. */
export const event: Needs = {
  tables: { webhooks: { select: 'id events enabled' }, webhook_deliveries: { insert: 'id webhook_id event_id event payload' } },
};

/** What a trigger does when the state of a profile's draft changes: the prospect's stage follows from it. */
export const projectSocialDraft: Needs = {
  tables: {
    prospects: { select: 'id updated_at social_draft_status', update: 'updated_at social_draft_status', lock: true },
    social_profiles: { select: 'prospect_id draft_status' },
  },
  objects: ['draft_status'].concat(['none', 'generating', 'pending_review', 'approved', 'rejected', 'failed', 'sent'].map((value) => `draft_status=${value}`)),
};

export const rollUp: Needs = {
  tables: {
    jobs: {
      select: 'id job_type status sequence done_count failed_count skipped_count drafts_created failure_reasons',
      update: 'done_count failed_count skipped_count drafts_created outcome_counts sequence failure_reasons',
    },
    job_chunks: { select: 'job_id state done_count failed_count skipped_count drafts_created outcome_counts' },
    job_targets: { select: 'job_id outcome code message ordinal' },
    ...event.tables,
  },
  objects: ['chunk_state=ready', 'chunk_state=running', 'target_outcome=failed'],
};

export const insertChunks: Needs = {
  tables: {
    jobs: { select: 'id', update: 'total_targets' },
    job_chunks: { select: 'target_count', insert: 'job_id number first_ordinal target_count target_ids' },
  },
};

export const enqueue: Needs = {
  tables: {
    'pgboss.version': { select: 'version' },
    'pgboss.queue': {
      select:
        'name policy retry_limit retry_delay retry_backoff retry_delay_max expire_seconds retention_seconds deletion_seconds dead_letter partition table_name heartbeat_seconds notify created_on updated_on warning_queued deferred_count queued_count active_count total_count ready_count failed_count singletons_active created_delta completed_delta failed_delta delta_on delta_seconds',
      insert:
        'name policy retry_limit retry_delay retry_backoff retry_delay_max expire_seconds retention_seconds deletion_seconds warning_queued dead_letter partition table_name heartbeat_seconds notify created_on updated_on',
    },
    'pgboss.job_common': {
      select: 'id',
      insert:
        'id name data priority start_after singleton_key singleton_on expire_seconds deletion_seconds keep_until retry_limit retry_delay retry_backoff retry_delay_max policy dead_letter blocked blocking created_on group_id group_tier heartbeat_seconds pending_dependencies',
    },
  },
  objects: ['pgboss.create_queue()', 'pgboss.job_now()'],
};

/** What asks whether an address is suppressed. */
export const findSuppressed: Needs = {
  tables: { suppressions: { select: 'id kind hash reason' } },
  objects: ['suppression_kind', 'suppression_kind=email', 'suppression_kind=domain', 'suppression_kind=handle'],
};

export const exclude: Needs = {
  tables: {
    prospects: { select: 'id updated_at stage excluded_at canonical_key email', update: 'updated_at excluded_at', lock: true },
    ...activity.tables,
  },
};

/** What asks whether prospects that were just written are. */
export const checkSuppressed: Needs = {
  tables: { ...findSuppressed.tables, prospects: { select: 'id email excluded_at canonical_key source_platform' } },
  objects: [...(findSuppressed.objects ?? []), 'platform=website'],
};

/** Types and values that a statement names. */
export function values(...objects: string[]): Needs {
  return { tables: {}, objects };
}
