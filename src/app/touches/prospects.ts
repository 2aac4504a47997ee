import type { Needs } from './needs.ts';
import { activity, checkSuppressed, exclude, insertJob, insertProfiles, insertProspects, once, rollUp, transition, values } from './parts.ts';

const updateProspect: Needs = {
  tables: {
    prospects: {
      select: 'id canonical_key display_name profile_url username email email_blocked email_bounced bio_text tags source_type source_platform updated_at erased_at',
      update: 'updated_at canonical_key display_name username profile_url email email_blocked email_bounced bio_text tags',
    },
  },
};

const deleteProspects: Needs = {
  tables: {
    prospects: { select: 'id', lock: true, delete: true },
    social_profiles: { select: 'id prospect_id', lock: true, cascade: true },
    email_drafts: { cascade: true },
    social_drafts: { cascade: true },
    email_draft_versions: { cascade: true },
    social_draft_versions: { cascade: true },
    email_messages: { select: 'prospect_id' },
    social_messages: { select: 'social_profile_id' },
    activities: { insert: 'id actor action subject_type subject_id' },
  },
  objects: [
    'email_drafts#email_drafts_prospect_id_foreign',
    'email_draft_versions#email_draft_versions_draft_id_foreign',
    'social_profiles#social_profiles_prospect_id_foreign',
    'social_drafts#social_drafts_social_profile_id_foreign',
    'social_draft_versions#social_draft_versions_draft_id_foreign',
    // What a foreign key sets to null.
    'inbound_messages#UPDATE',
  ],
};

/** Of a prospect, its profiles, drafts and messages. */
const readActivities: Needs = {
  tables: {
    social_profiles: { select: 'id prospect_id' },
    email_drafts: { select: 'id prospect_id' },
    email_messages: { select: 'id prospect_id' },
    social_drafts: { select: 'id social_profile_id' },
    social_messages: { select: 'id social_profile_id' },
  },
};

const reviewProspects: Needs = {
  tables: {
    prospects: { select: 'id updated_at review_status', update: 'updated_at review_status review_reason review_batch' },
    ...activity.tables,
  },
  objects: ['review_status'],
};

/** What a prospect is unless somebody says otherwise. */
const ofWebsite: Needs = { tables: {}, objects: ['source_type=website', 'platform=website'] };

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
          'id updated_at canonical_key source_type source_platform profile_url username display_name email email_blocked email_bounced bio_text follower_count engagement_rate scraped_at external_links tags discovery_query_id',
        update:
          'updated_at source_type source_platform profile_url username display_name email email_blocked email_bounced bio_text follower_count engagement_rate scraped_at external_links tags source_job_id',
      },
      job_targets: { insert: 'job_id ordinal outcome code message line column_name value' },
    },
    objects: [
      'job_type=import', 'job_status=running', 'job_status=paused', 'job_status=succeeded', 'job_status=completed_with_errors', 'chunk_state=done', 'target_outcome=failed',
    ],
  },
];

/** Of operations on prospects. */
export const prospectTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.createProspect': [insertProspects, checkSuppressed, exclude, activity, ofWebsite],
  'CreateProspectInput.sourceType': [insertProfiles],
  'Mutation.updateProspect': [updateProspect, checkSuppressed, activity, values('source_type=website')],
  'Mutation.deleteProspects': [deleteProspects],
  'Prospect.activities': [readActivities],
  'Mutation.tagProspects': [activity, { tables: { prospects: { select: 'id updated_at tags', update: 'updated_at tags' } } }],
  'Query.tags': [{ tables: { prospects: { select: 'tags' } } }],
  'Mutation.reviewProspects': [reviewProspects],
  'ReviewDecision.APPROVE': [values('review_status=approved', 'review_status=pending')],
  'ReviewDecision.REJECT': [values('review_status=rejected', 'review_status=pending', 'review_status=approved')],
  'ReviewDecision.REOPEN': [values('review_status=rejected', 'review_status=pending', 'review_status=approved')],
  'ReviewProspectsInput.batch': [{ tables: { prospects: { select: 'review_batch' } } }],
  'Mutation.importProspects': [...importRows, checkSuppressed, exclude, ofWebsite],
  'ImportProspectsInput.idempotencyKey': [once],
};
