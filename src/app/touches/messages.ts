import type { Needs } from './needs.ts';
import { activity, event, rollUp, transition as transitionJob, values } from './parts.ts';

/** What moves a message, ends its chunk and writes both down. */
export const transition: Needs = {
  tables: {
    email_messages: { select: 'id status is_follow_up prospect_id draft_id job_id chunk', update: 'status blocked_by due_at lease_until' },
    ...activity.tables,
    job_chunks: {
      select: 'job_id number state first_ordinal attempts', update: 'state lease_until done_count failed_count skipped_count outcome_counts',
    },
    job_targets: { insert: 'job_id ordinal target_id outcome attempts code message', upsert: true },
  },
  objects: ['message_status', 'target_outcome', 'chunk_state=ready', 'chunk_state=running', 'chunk_state=done'],
};

export const recordSent: Needs = {
  tables: {
    prospects: { select: 'id updated_at email email_blocked excluded_at review_status sent_at followed_up_at', update: 'updated_at sent_at followed_up_at draft_status draft_subject draft_body', lock: true },
    email_messages: { select: 'fingerprint sent_at handed_over_at', update: 'sent_at error' },
    email_drafts: { select: 'id prospect_id status version subject body fingerprint recipient problems is_follow_up', update: 'status', lock: true },
    ...event.tables,
    activities: { insert: 'id created_at actor action subject_type subject_id from_state to_state details' },
  },
  objects: ['draft_status', 'review_status=approved'],
};

export const recordReply: Needs = {
  tables: {
    prospects: { select: 'updated_at replied_at', update: 'updated_at replied_at' },
    email_messages: { update: 'sent_at error', lock: true },
  },
  // Without its table nothing waits on the social channel; without a part of it the write fails, or is lost.
  objects: [
    ...['id', 'social_profile_id', 'status', 'job_id', 'chunk', 'blocked_by', 'due_at', 'error', 'updated_at'].map((column) => `social_messages.${column}`),
    ...['id', 'prospect_id'].map((column) => `social_profiles.${column}`),
    'social_messages#SELECT', 'social_messages#UPDATE', 'social_messages#ROWS', 'social_profiles#SELECT', 'social_profiles#ROWS',
  ],
};

/** Of operations on messages. What only a social message needs fails with the schema's own error. */
export const messageTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.cancelMessage': [transition, rollUp, transitionJob, values('job_status=running', 'job_status=succeeded', 'message_status=queued', 'message_status=deferred', 'message_status=cancelled', 'target_outcome=skipped')],
  'Mutation.resolveMessage': [transition, rollUp, transitionJob],
  'Query.waitingMessages': [
    { tables: { email_messages: { select: 'status blocked_by due_at' }, social_messages: { select: 'status blocked_by due_at' } }, objects: ['message_status=queued', 'message_status=deferred'] },
  ],
  'MessageResolution.SENT': [
    recordSent,
    values('message_status=queued', 'message_status=outcome_unknown', 'message_status=sent', 'draft_status=approved', 'draft_status=sent', 'target_outcome=done', 'job_status=succeeded'),
  ],
  'MessageResolution.NOT_SENT': [{ tables: { email_messages: { update: 'error' } } }, values('message_status=outcome_unknown', 'message_status=failed', 'target_outcome=failed', 'job_status=running', 'job_status=completed_with_errors')],
  'MessageResolution.REPLIED': [
    recordSent, recordReply,
    values(
      'message_status=sent', 'message_status=outcome_unknown', 'message_status=replied', 'message_status=queued', 'message_status=deferred', 'message_status=cancelled',
      'target_outcome=skipped', 'draft_status=approved', 'draft_status=sent', 'job_status=completed_with_errors',
    ),
  ],
};
