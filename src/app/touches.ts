/** What the statements of an operation do to one table; columns are parted by spaces. */
export interface Touch {
  /** read, compared or returned */
  select?: string;
  insert?: string;
  /** inserted with ON CONFLICT */
  upsert?: true;
  update?: string;
  /** locked rows need the right to UPDATE */
  lock?: true;
  delete?: true;
  /** rows of it go with those that they refer to, whatever the rights of whoever deletes these */
  cascade?: true;
}

/** What an operation cannot do without. */
export interface Needs {
  tables: Readonly<Record<string, Touch>>;
  /**
   * Everything else: types that a statement names ("job_type"), values that it writes or looks for ("job_status=running"),
   * keys that ON CONFLICT infers and foreign keys that cascade ("table#name"), functions.
   */
  objects?: readonly string[];
}

const activity: Needs = { tables: { activities: { insert: 'id actor action subject_type subject_id' } } };

const once: Needs = {
  tables: {
    idempotency_keys: { select: 'caller mutation key created_at input_hash job_id', insert: 'caller mutation key input_hash job_id', upsert: true, delete: true },
  },
  objects: ['idempotency_keys#idempotency_keys_pkey'],
};

const insertProspects: Needs = {
  tables: {
    prospects: {
      select: 'id canonical_key',
      insert:
        'id canonical_key source_type source_platform profile_url username display_name email bio_text follower_count engagement_rate scraped_at external_links tags source_job_id',
      upsert: true,
    },
  },
  objects: ['source_type', 'platform', 'prospects#prospects_canonical_key'],
};

const insertProfiles: Needs = {
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

const updateProspect: Needs = {
  tables: {
    prospects: {
      select: 'id canonical_key display_name profile_url username email bio_text tags source_type source_platform updated_at',
      update: 'canonical_key display_name username profile_url email bio_text tags',
    },
  },
};

const deleteProspects: Needs = {
  tables: {
    prospects: { select: 'id', lock: true, delete: true },
    social_profiles: { select: 'id prospect_id', lock: true, cascade: true },
    email_drafts: { cascade: true },
    social_drafts: { cascade: true },
    email_messages: { select: 'prospect_id' },
    social_messages: { select: 'social_profile_id' },
  },
  objects: [
    'email_drafts#email_drafts_prospect_id_foreign',
    'social_profiles#social_profiles_prospect_id_foreign',
    'social_drafts#social_drafts_social_profile_id_foreign',
  ],
};

const reviewProspects: Needs = {
  tables: {
    prospects: { select: 'id review_status', update: 'review_status review_reason review_batch' },
    activities: { insert: 'id actor action subject_type subject_id from_state to_state details' },
  },
  objects: ['review_status'],
};

const transition: Needs = {
  tables: {
    jobs: { select: 'id job_type status sequence started_at', update: 'status sequence started_at finished_at' },
    activities: { insert: 'id actor action subject_type subject_id from_state to_state' },
  },
  objects: ['job_status'],
};

const insertJob: Needs = {
  tables: {
    jobs: { insert: 'id job_type sequence created_by parameters dry_run retry_of_id attempt' },
    activities: { insert: 'id actor action subject_type subject_id to_state' },
  },
  objects: ['job_type'],
};

const rollUp: Needs = {
  tables: {
    jobs: {
      select: 'id job_type status sequence done_count failed_count skipped_count drafts_created failure_reasons',
      update: 'done_count failed_count skipped_count drafts_created outcome_counts sequence failure_reasons',
    },
    job_chunks: { select: 'job_id state done_count failed_count skipped_count drafts_created outcome_counts' },
    job_targets: { select: 'job_id outcome code message ordinal' },
  },
  objects: ['chunk_state=ready', 'chunk_state=running', 'target_outcome=failed'],
};

const insertChunks: Needs = {
  tables: {
    jobs: { select: 'id', update: 'total_targets' },
    job_chunks: { select: 'target_count', insert: 'job_id number first_ordinal target_count target_ids' },
  },
  objects: ['chunk_state=ready'],
};

const enqueue: Needs = {
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

/** What a worker does to a draft job, whatever its channel: without it the job would be started in vain. */
const workOff: Needs = {
  tables: {
    jobs: { select: 'id created_at job_type status attempt parameters' },
    job_chunks: {
      select: 'job_id number state lease_until fence attempts first_ordinal target_ids',
      update: 'state fence attempts leased_by lease_until done_count failed_count skipped_count drafts_created outcome_counts',
    },
    job_targets: { select: 'ordinal outcome', insert: 'job_id ordinal target_id outcome attempts code message', upsert: true },
  },
  objects: [
    'chunk_state', 'target_outcome', 'job_status=pending', 'job_status=running', 'job_status=succeeded', 'job_status=cancelling', 'chunk_state=done', 'job_type=draft', 'target_outcome=done',
    'target_outcome=failed', 'target_outcome=skipped',
  ],
};

const email: Needs = {
  tables: {
    prospects: {
      select: 'id updated_at display_name email email_blocked excluded_at review_status draft_status',
      update: 'draft_subject draft_body draft_status',
    },
    email_drafts: {
      select: 'prospect_id is_follow_up status',
      insert: 'id prospect_id job_id subject body fingerprint recipient problems',
      upsert: true,
    },
  },
  objects: draftValues(),
};

const social: Needs = {
  tables: {
    prospects: { select: 'id display_name excluded_at review_status' },
    social_profiles: { select: 'id updated_at prospect_id draft_status profile_url', update: 'draft_status' },
    social_drafts: {
      select: 'social_profile_id is_follow_up status',
      insert: 'id social_profile_id job_id body fingerprint recipient problems',
      upsert: true,
    },
  },
  objects: draftValues(),
};

function draftValues(): string[] {
  return ['generating', 'pending_review', 'approved', 'sent'].map((value) => `draft_status=${value}`).concat('review_status=approved');
}

/** What a prospect is unless somebody says otherwise. */
const ofWebsite: Needs = { tables: {}, objects: ['source_type=website', 'platform=website'] };

const template: Needs = { tables: { settings: { select: 'key value' } } };

const startJob = [template, insertJob, insertChunks, enqueue, workOff, transition, rollUp];

const importRows: readonly Needs[] = [
  insertJob, transition, rollUp, insertProspects,
  {
    tables: {
      jobs: { select: 'id job_type status dry_run parameters created_at', update: 'total_targets' },
      job_chunks: {
        select: 'job_id number fence state first_ordinal lease_until',
        insert: 'job_id number state fence attempts lease_until first_ordinal target_count',
        update: 'state lease_until target_count done_count failed_count outcome_counts',
        delete: true,
      },
      prospects: {
        select:
          'id updated_at canonical_key source_type source_platform profile_url username display_name email bio_text follower_count engagement_rate scraped_at external_links tags',
        update:
          'source_type source_platform profile_url username display_name email bio_text follower_count engagement_rate scraped_at external_links tags source_job_id',
      },
      job_targets: { insert: 'job_id ordinal outcome code message line column_name value' },
    },
    objects: [
      'job_type=import', 'job_status=running', 'job_status=paused', 'job_status=succeeded', 'job_status=completed_with_errors', 'chunk_state=done', 'target_outcome=failed',
    ],
  },
];

/**
 * GraphQL coordinate → what its statements touch besides what its selection reads. What only the social channel or
 * social prospects need stands under the input that asks for it, so that its loss takes nothing else down.
 */
export const touches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.createProspect': [insertProspects, activity, ofWebsite],
  'CreateProspectInput.sourceType': [insertProfiles],
  'Mutation.updateProspect': [updateProspect, activity, values('source_type=website')],
  'Mutation.deleteProspects': [deleteProspects, activity],
  'Mutation.reviewProspects': [reviewProspects],
  'ReviewDecision.APPROVE': [values('review_status=approved', 'review_status=pending')],
  'ReviewDecision.REJECT': [values('review_status=rejected', 'review_status=pending', 'review_status=approved')],
  'ReviewDecision.REOPEN': [values('review_status=rejected', 'review_status=pending', 'review_status=approved')],
  'ReviewProspectsInput.batch': [{ tables: { prospects: { select: 'review_batch' } } }],
  'Mutation.importProspects': [...importRows, ofWebsite],
  'ImportProspectsInput.idempotencyKey': [once],
  'Mutation.startDraftJob': [...startJob, email],
  'StartDraftJobInput.channel': [...startJob, social],
  'StartDraftJobInput.expectedCount': [values('draft_status=none')],
  'StartDraftJobInput.idempotencyKey': [once],
  'Mutation.retryJob': [
    insertJob, insertChunks, enqueue, values('job_type=draft', 'target_outcome=failed'),
    { tables: { jobs: { select: 'id job_type status attempt parameters' }, job_targets: { select: 'job_id target_id outcome' } } },
  ],
  'RetryJobInput.codes': [{ tables: { job_targets: { select: 'code' } } }],
  'RetryJobInput.idempotencyKey': [once],
  'Mutation.pauseJob': [transition, values('job_status=paused')],
  'Mutation.resumeJob': [transition, enqueue, values('job_status=running')],
  'Mutation.cancelJob': [
    transition, rollUp, values('job_status=cancelling', 'job_status=cancelled', 'chunk_state=cancelled'),
    { tables: { job_chunks: { select: 'job_id state lease_until fence', update: 'state lease_until fence' } } },
  ],
  'Query.previewDraft': [
    template, values(...draftValues()),
    { tables: { prospects: { select: 'id display_name updated_at email excluded_at review_status email_blocked' }, email_drafts: { select: 'prospect_id is_follow_up status' } } },
  ],
  'PreviewDraftInput.channel': [
    template, values(...draftValues()),
    { tables: { prospects: { select: 'id display_name excluded_at review_status' }, social_profiles: { select: 'id prospect_id created_at updated_at profile_url' }, social_drafts: { select: 'social_profile_id is_follow_up status' } } },
  ],
  ...progress('Subscription.jobProgress', 'id'),
  ...progress('Subscription.jobsChanged', 'id updated_at'),
  // A worker that cannot report is not in the list, which would say that none is running.
  'Query.workers': [reportWorker()],
  'Job.waitingFor': [reportWorker()],
};

/** Coordinates that say more exactly what a request needs than these others do. */
export const insteadOf: Readonly<Record<string, readonly string[]>> = {
  'StartDraftJobInput.channel': ['Mutation.startDraftJob', 'Channel.SOCIAL'],
  'PreviewDraftInput.channel': ['Query.previewDraft', 'Channel.SOCIAL'],
  'Channel.EMAIL': ['Query.drafts'],
  'Channel.SOCIAL': ['Query.drafts'],
};

function values(...objects: string[]): Needs {
  return { tables: {}, objects };
}

function progress(coordinate: string, columns: string): Record<string, Needs[]> {
  const read = 'status sequence total_targets processed failed_count skipped_count drafts_created started_at finished_at';
  return { [coordinate]: [{ tables: { jobs: { select: `${columns} ${read}` } } }] };
}

function reportWorker(): Needs {
  return {
    tables: { workers: { select: 'id name version started_at seen_at running_chunks', insert: 'id name version running_chunks', upsert: true, update: 'seen_at running_chunks', delete: true } },
    objects: ['workers#workers_pkey'],
  };
}
