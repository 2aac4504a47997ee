import type { Needs } from './needs.ts';
import { checkSuppressed, values } from './parts.ts';

const draftColumns = 'id status version body fingerprint recipient problems is_follow_up prospect_id subject';

/** What every change of a draft does; the e-mail channel's alone, because a draft of the other one is only looked for after it. */
const change: Needs = {
  tables: {
    prospects: { select: 'id updated_at email excluded_at review_status email_blocked', lock: true, update: 'updated_at draft_status draft_subject draft_body' },
    email_drafts: { select: draftColumns, lock: true, update: 'status approved_fingerprint review_reason' },
    activities: { insert: 'id created_at actor action subject_type subject_id from_state to_state details' },
  },
  objects: ['draft_status', 'draft_status=pending_review', 'review_status=approved'],
};

const replaceText: Needs = {
  tables: {
    email_drafts: { update: 'subject body recipient fingerprint problems version' },
    email_draft_versions: { insert: 'id draft_id version body fingerprint replaced_by subject' },
  },
};

const otherOpen = values('draft_status=generating', 'draft_status=approved', 'draft_status=sent');

/** Of operations on drafts. */
export const draftTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.updateDraft': [change, replaceText],
  // What waits for the prospect is addressed anew.
  'UpdateProspectInput.email': [change, replaceText],
  'Mutation.reviewDrafts': [change, otherOpen, checkSuppressed],
  'Draft.versions': [
    {
      tables: {
        email_draft_versions: { select: 'draft_id version subject body fingerprint created_at replaced_by' },
        social_draft_versions: { select: 'draft_id version body fingerprint created_at replaced_by' },
      },
    },
  ],
  'Subscription.draftChanged': [{ tables: { email_drafts: { select: 'id updated_at' } } }],
};
