import type { Needs } from './needs.ts';
import { activity, checkSuppressed, enqueue, event, insertJob, once, projectSocialDraft, rollUp, transition, values } from './parts.ts';

const ofSender = 'channel address day sent_today claimed_at blocked_by blocked_until';

/** What a worker does to a sending job on either channel: without it the job would be started in vain. */
const workOff: Needs = {
  tables: {
    jobs: { select: 'id created_at job_type status parameters', update: 'total_targets' },
    job_chunks: {
      select: 'job_id number state first_ordinal attempts',
      insert: 'job_id number first_ordinal target_count target_ids',
      update: 'state attempts lease_until done_count failed_count skipped_count outcome_counts',
    },
    job_targets: { insert: 'job_id ordinal target_id outcome attempts code message', upsert: true },
    senders: {
      select: `id ${ofSender} failures`,
      insert: 'id channel address',
      upsert: true,
      update: 'address day sent_today claimed_at blocked_by blocked_until failures',
    },
    settings: { select: 'key value updated_at updated_by' },
    activities: { ...activity.tables['activities'], select: 'subject_type subject_id action details' },
    ...event.tables,
  },
  objects: [
    'senders#senders_address', 'channel', 'target_outcome', 'draft_status', 'message_status', 'job_type=send', 'job_status=pending', 'job_status=running', 'job_status=succeeded', 'job_status=cancelling',
    'chunk_state=ready', 'chunk_state=running', 'chunk_state=done', 'target_outcome=done', 'target_outcome=failed', 'target_outcome=skipped',
    'draft_status=approved', 'draft_status=sent', 'review_status=approved',
    ...['queued', 'sending', 'sent', 'deferred', 'failed', 'cancelled', 'outcome_unknown'].map((status) => `message_status=${status}`),
  ],
};

const ofMessages = 'id draft_id job_id chunk status fence attempts body recipient fingerprint is_follow_up blocked_by due_at lease_until handed_over_at sent_at';
const whileSending = 'status blocked_by due_at lease_until fence attempts handed_over_at sender response error sent_at';
const ofDrafts = 'id created_at status version body recipient problems fingerprint approved_fingerprint is_follow_up';
const whoIsWritten = 'id updated_at excluded_at erased_at replied_at review_status sent_at followed_up_at';

/** The activity of a draft bears its own time, others that of the transaction. */
const draftActivity = { insert: 'id created_at actor action subject_type subject_id from_state to_state details' };

const email: Needs = {
  tables: {
    prospects: { select: `${whoIsWritten} email email_blocked`, update: 'updated_at sent_at followed_up_at draft_status draft_subject draft_body', lock: true },
    activities: draftActivity,
    email_drafts: { select: `${ofDrafts} prospect_id subject`, update: 'status', lock: true },
    senders: { select: 'records checked_at', insert: 'id channel address records checked_at', update: 'records checked_at' },
    email_messages: {
      select: `${ofMessages} prospect_id subject message_id`,
      insert: 'id draft_id prospect_id job_id chunk body recipient fingerprint is_follow_up subject message_id',
      upsert: true,
      update: whileSending,
      lock: true,
    },
  },
  objects: ['channel=email'],
};

const social: Needs = {
  tables: {
    prospects: { select: whoIsWritten, update: 'updated_at sent_at followed_up_at', lock: true },
    social_profiles: { select: 'id prospect_id platform username display_name profile_url canonical_key', update: 'draft_status', lock: true },
    activities: draftActivity,
    social_drafts: { select: `${ofDrafts} social_profile_id`, update: 'status', lock: true },
    social_messages: {
      select: `${ofMessages} social_profile_id`,
      insert: 'id draft_id social_profile_id job_id chunk body recipient fingerprint is_follow_up blocked_by',
      upsert: true,
      update: whileSending,
      lock: true,
    },
  },
  objects: ['channel=social'],
};

const startJob = [insertJob, enqueue, workOff, transition, rollUp, checkSuppressed];

/** Of operations that send. */
export const sendingTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.sendMessages': [...startJob, email],
  'SendMessagesInput.channel': [...startJob, social, projectSocialDraft],
  'SendMessagesInput.idempotencyKey': [once],
  'Query.senders': [{ tables: { senders: { select: `${ofSender} records checked_at` }, settings: { select: 'key value updated_at updated_by' } }, objects: ['channel=email'] }],
  'SendMessagesInput.jobId': [{ tables: { email_drafts: { select: 'job_id' }, social_drafts: { select: 'job_id' } } }],
  // What is skipped at once has no attempts, and its chunk no targets.
  'SendMessagesInput.expectedCount': [values('draft_status=approved'), { tables: { job_targets: { insert: 'job_id ordinal target_id outcome code message' }, job_chunks: { insert: 'job_id number first_ordinal target_count' } } }],
};
