import { keptTemplate, startJob } from './jobs.ts';
import type { Needs } from './needs.ts';
import { checkSuppressed, once, values } from './parts.ts';

const states = values(
  'job_type=follow_up', 'review_status=approved', 'message_status', 'suppression_kind',
  ...['email', 'domain', 'handle'].map((value) => `suppression_kind=${value}`),
  ...['generating', 'pending_review', 'approved'].map((value) => `draft_status=${value}`),
  ...['sent', 'replied', 'bounced', 'complained', 'queued', 'sending', 'deferred', 'outcome_unknown', 'failed', 'cancelled'].map((value) => `message_status=${value}`),
);

const email: Needs = {
  tables: {
    prospects: { select: 'id updated_at display_name email email_blocked excluded_at erased_at replied_at review_status', lock: true },
    email_messages: { select: 'id prospect_id status sent_at recipient subject is_follow_up' },
    email_drafts: {
      select: 'prospect_id is_follow_up status',
      insert: 'id prospect_id job_id subject body fingerprint recipient problems is_follow_up',
      upsert: true,
    },
  },
};

const social: Needs = {
  tables: {
    prospects: { select: 'id updated_at display_name excluded_at erased_at replied_at review_status', lock: true },
    social_profiles: { select: 'id updated_at prospect_id profile_url platform display_name' },
    social_messages: { select: 'id social_profile_id status sent_at recipient is_follow_up' },
    social_drafts: {
      select: 'social_profile_id is_follow_up status',
      insert: 'id social_profile_id job_id body fingerprint recipient problems is_follow_up',
      upsert: true,
    },
  },
};

/** Of operations on follow-ups. */
export const followUpTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.followUp': [...startJob, states, checkSuppressed, email],
  'FollowUpInput.channel': [...startJob, states, checkSuppressed, social],
  'FollowUpInput.templateId': [keptTemplate],
  'FollowUpInput.idempotencyKey': [once],
};
