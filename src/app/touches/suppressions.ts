import { recordReply, recordSent, transition } from './messages.ts';
import type { Needs } from './needs.ts';
import { activity, checkSuppressed, exclude, findSuppressed, values } from './parts.ts';

/** What cancels messages that wait; the social tables are left out where they are missing. */
const cancelWaiting: Needs = {
  tables: {
    email_messages: { select: 'id status prospect_id job_id chunk', update: 'status blocked_by due_at error', lock: true },
    job_chunks: { select: 'job_id number state first_ordinal attempts', update: 'state lease_until skipped_count outcome_counts' },
    job_targets: { insert: 'job_id ordinal target_id outcome attempts code message', upsert: true },
    ...activity.tables,
  },
  objects: [
    ...(recordReply.objects ?? []),
    'message_status=queued', 'message_status=deferred', 'message_status=cancelled', 'chunk_state=ready', 'chunk_state=running', 'chunk_state=done', 'target_outcome=skipped',
  ],
};

const writeSuppressions: Needs = { tables: { suppressions: { select: 'id kind hash', insert: 'id kind hash reason created_by' } } };

const ofProspect: Needs = { tables: { prospects: { select: 'id email canonical_key' }, social_profiles: { select: 'prospect_id canonical_key' } } };

const ofDomain: Needs = { tables: { prospects: { select: 'source_platform' } }, objects: ['suppression_kind=domain', 'platform=website'] };

const erase: Needs = {
  tables: {
    prospects: {
      select: 'id updated_at display_name username profile_url email erased_at',
      update:
        'updated_at canonical_key display_name profile_url username email email_blocked bio_text external_links follower_count engagement_rate tags scraped_at review_reason draft_subject draft_body erased_at',
      lock: true,
    },
    social_profiles: {
      select: 'id prospect_id display_name username profile_url canonical_key',
      update: 'canonical_key username display_name profile_url bio_text external_links follower_count engagement_rate scraped_at',
    },
    email_drafts: { select: 'id prospect_id approved_fingerprint', update: 'subject body recipient review_reason problems fingerprint approved_fingerprint' },
    social_drafts: { select: 'id social_profile_id approved_fingerprint', update: 'body recipient review_reason problems fingerprint approved_fingerprint' },
    email_draft_versions: { select: 'draft_id', delete: true },
    social_draft_versions: { select: 'draft_id', delete: true },
    email_messages: { select: 'id prospect_id status recipient', update: 'subject body recipient fingerprint error response blocked_by' },
    social_messages: { select: 'social_profile_id status', update: 'body recipient fingerprint error response blocked_by' },
    inbound_messages: { select: 'prospect_id sender email_message_id', update: 'raw sender subject excerpt details' },
    suppressions: { update: 'reason' },
    job_targets: { select: 'target_id message value', update: 'message value' },
    job_chunks: { select: 'error', update: 'error' },
    jobs: { select: 'error failure_reasons parameters', update: 'error failure_reasons parameters' },
    scraper_history: { select: 'url error', update: 'url error' },
    discovery_queries: { select: 'query search_intent target_audience filters', update: 'query search_intent target_audience filters' },
    social_discovery_jobs: { select: 'cursor', update: 'cursor' },
    saved_filters: { select: 'id name filter', update: 'name filter' },
    senders: { select: 'blocked_by', update: 'blocked_by' },
    idempotency_keys: { select: 'key', delete: true },
    webhook_deliveries: { select: 'payload error', update: 'payload error' },
    mailboxes: { select: 'error', update: 'error' },
  },
  objects: ['message_status=sending'],
};

/** Of operations on whom not to contact, and of mails that come in. */
export const suppressionTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Query.suppressionOf': [findSuppressed],
  'Mutation.suppress': [writeSuppressions, exclude, cancelWaiting, values('suppression_kind')],
  'SuppressInput.email': [values('suppression_kind=email')],
  'SuppressInput.domain': [ofDomain],
  'SuppressInput.prospectId': [ofProspect, values('suppression_kind=email', 'suppression_kind=handle')],
  'SuppressInput.handle': [ofProspect, values('suppression_kind=handle')],
  'Mutation.unsuppress': [checkSuppressed, {
    tables: {
      suppressions: { select: 'id hash', delete: true },
      prospects: { select: 'id updated_at stage erased_at', update: 'updated_at excluded_at' },
      activities: { select: 'id', insert: 'id actor action subject_type subject_id from_state to_state' },
    },
  }],
  'UnsuppressInput.domain': [ofDomain],
  'UnsuppressInput.prospectId': [ofProspect],
  'UnsuppressInput.handle': [ofProspect],
  'Mutation.eraseProspect': [writeSuppressions, exclude, cancelWaiting, ofProspect, erase, activity, values('suppression_kind', 'suppression_kind=email', 'suppression_kind=handle')],
  'Mutation.reclassifyInbound': [
    { tables: {
      inbound_messages: { select: 'id raw classifier kind email_message_id', update: 'kind classifier details email_message_id prospect_id', lock: true },
      email_messages: { select: 'message_id' },
    } },
    transition, recordSent, recordReply, values(
      'inbound_kind', 'inbound_kind=reply', 'message_status=replied', 'message_status=queued', 'message_status=deferred', 'message_status=sent', 'message_status=outcome_unknown',
      'message_status=cancelled', 'target_outcome=skipped', 'draft_status=approved', 'draft_status=sent',
    ),
  ],
};
