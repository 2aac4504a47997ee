/** What other systems call the states that our enums name; of a table's own column where the same word means two things. */
const synonyms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  job_status: { queued: 'pending', created: 'pending', scheduled: 'pending', in_progress: 'running', started: 'running', processing: 'running', active: 'running', completed: 'succeeded', complete: 'succeeded', success: 'succeeded', done: 'succeeded', finished: 'succeeded', partial: 'completed_with_errors', error: 'failed', canceled: 'cancelled', aborted: 'cancelled' },
  job_type: { discovery: 'discover', website_discovery: 'discover', social_discovery: 'discover', social_discover: 'discover', scrape: 'discover', drafting: 'draft', drafts: 'draft', generate_drafts: 'draft', social_draft: 'draft', sending: 'send', social_send: 'send', followup: 'follow_up', social_followup: 'follow_up', social_follow_up: 'follow_up', csv_import: 'import' },
  review_status: { new: 'pending', none: 'pending', discovered: 'pending', pending_review: 'pending', unreviewed: 'pending', accepted: 'approved', qualified: 'approved', declined: 'rejected', denied: 'rejected', deleted: 'rejected' },
  draft_status: { draft: 'pending_review', drafted: 'pending_review', pending: 'pending_review', generated: 'pending_review', ready: 'pending_review', completed: 'pending_review', in_progress: 'generating', processing: 'generating', accepted: 'approved', declined: 'rejected', error: 'failed', not_started: 'none' },
  message_status: { pending: 'queued', scheduled: 'queued', created: 'queued', in_progress: 'sending', delivered: 'sent', opened: 'sent', success: 'sent', error: 'failed', bounce: 'bounced', reply: 'replied', complaint: 'complained', canceled: 'cancelled', unknown: 'outcome_unknown' },
  platform: { web: 'website', blog: 'website', google: 'website', twitter: 'x', ig: 'instagram', fb: 'facebook', yt: 'youtube', bsky: 'bluesky' },
  source_type: { web: 'website', blog: 'website', instagram: 'social', linkedin: 'social', facebook: 'social', tiktok: 'social' },
  chunk_state: { pending: 'ready', queued: 'ready', in_progress: 'running', completed: 'done', succeeded: 'done' },
  target_outcome: { success: 'done', succeeded: 'done', completed: 'done', error: 'failed', skip: 'skipped' },
  role: { user: 'operator', editor: 'operator', readonly: 'viewer', read_only: 'viewer', owner: 'admin', superuser: 'admin' },
};

/** On a prospect it says that there is no draft yet. */
const ofColumns: Readonly<Record<string, Readonly<Record<string, string>>>> = { 'prospects.draft_status': { pending: 'none', not_drafted: 'none', new: 'none' } };

/** For words that mean nothing here: the state in which nothing is sent, approved or run because of them. */
const otherwise: Readonly<Record<string, string>> = {
  job_type: 'discover', job_status: 'failed', review_status: 'pending', draft_status: 'rejected', 'prospects.draft_status': 'none', message_status: 'outcome_unknown', platform: 'other', source_type: 'website', target_outcome: 'failed',
};

/** The harmless label of an enum whose word means nothing here; null where none is harmless. */
export function harmlessLabel(place: string, type: string): string | null {
  return otherwise[place] ?? otherwise[type] ?? null;
}

/** The label of the enum that `value` means, however it is spelt; null when it means none. */
export function labelOf(place: string, type: string, labels: readonly string[], value: string): string | null {
  // SQLAlchemy writes members of a Python enum as "JobStatus.RUNNING", or by their upper-case name.
  const word = value.trim().split('.').at(-1)!.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().replaceAll(/[\s-]+/g, '_');
  const meant = ofColumns[place]?.[word] ?? (labels.includes(word) ? word : synonyms[type]?.[word]);
  return meant !== undefined && labels.includes(meant) ? meant : null;
}
