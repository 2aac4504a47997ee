import type { Needs } from './needs.ts';
import { enqueue, insertChunks, insertJob, once, projectSocialDraft, rollUp, transition, values } from './parts.ts';
import { readSettings } from './settings.ts';

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
    'chunk_state', 'target_outcome', 'job_status=pending', 'job_status=running', 'job_status=succeeded', 'job_status=cancelling', 'chunk_state=done', 'target_outcome=done',
    'target_outcome=failed', 'target_outcome=skipped',
  ],
};

const email: Needs = {
  tables: {
    prospects: {
      select: 'id updated_at display_name email email_blocked excluded_at review_status draft_status',
      update: 'updated_at draft_subject draft_body draft_status',
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
    prospects: { select: 'id updated_at display_name excluded_at review_status' },
    social_profiles: { select: 'id updated_at prospect_id draft_status profile_url platform', update: 'draft_status' },
    social_drafts: {
      select: 'social_profile_id is_follow_up status',
      insert: 'id social_profile_id job_id body fingerprint recipient problems',
      upsert: true,
    },
  },
  objects: draftValues(),
};

/** Of a job that a language model writes for. */
const languageModel: Needs = {
  tables: {
    rate_limits: { select: 'key expire', insert: 'key points expire', update: 'expire', upsert: true },
    jobs: { select: 'cost drafts_created', update: 'cost' },
  },
  objects: ['rate_limits#rate_limits_pkey'],
};

function draftValues(): string[] {
  return ['generating', 'pending_review', 'approved', 'sent'].map((value) => `draft_status=${value}`).concat('review_status=approved');
}

export const keptTemplate: Needs = { tables: { templates: { select: 'id channel subject body' } } };

export const startJob = [readSettings, insertJob, insertChunks, enqueue, workOff, transition, rollUp];

/** Of operations on jobs. */
export const jobTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.startDraftJob': [...startJob, email, values('job_type=draft')],
  'StartDraftJobInput.channel': [...startJob, social, projectSocialDraft, values('job_type=draft')],
  'StartDraftJobInput.expectedCount': [values('draft_status=none')],
  'StartDraftJobInput.templateId': [keptTemplate],
  'StartDraftJobInput.idempotencyKey': [once],
  'Drafter.LANGUAGE_MODEL': [languageModel],
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
    readSettings, values(...draftValues()),
    { tables: { prospects: { select: 'id display_name updated_at email excluded_at review_status email_blocked' }, email_drafts: { select: 'prospect_id is_follow_up status' } } },
  ],
  'PreviewDraftInput.templateId': [keptTemplate],
  'PreviewDraftInput.channel': [
    readSettings, values(...draftValues()),
    { tables: { prospects: { select: 'id updated_at display_name excluded_at review_status' }, social_profiles: { select: 'id prospect_id created_at updated_at profile_url platform' }, social_drafts: { select: 'social_profile_id is_follow_up status' } } },
  ],
  ...progress('Subscription.jobProgress', 'id'),
  ...progress('Subscription.jobsChanged', 'id updated_at'),
  // A worker that cannot report is not in the list, which would say that none is running.
  'Query.workers': [reportWorker()],
  'Job.waitingFor': [reportWorker()],
};

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

