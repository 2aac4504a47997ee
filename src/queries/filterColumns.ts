/** GraphQL filter → its fields → the columns that the condition reads. */
export const filterColumns: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ProspectFilter: {
    sourceType: ['prospects.source_type'],
    sourcePlatform: ['prospects.source_platform'],
    stage: ['prospects.stage'],
    reviewStatus: ['prospects.review_status'],
    draftStatus: ['prospects.draft_status'],
    hasEmail: ['prospects.email'],
    tag: ['prospects.tags'],
    tags: ['prospects.tags'],
    jobId: ['prospects.source_job_id'],
    reviewBatch: ['prospects.review_batch'],
    createdAfter: ['prospects.created_at'],
    createdBefore: ['prospects.created_at'],
    minFollowers: ['prospects.follower_count'],
    search: ['prospects.search'],
  },
  SocialProfileFilter: {
    platform: ['social_profiles.platform'],
    draftStatus: ['social_profiles.draft_status'],
    search: ['social_profiles.search'],
  },
  DraftFilter: {
    status: ['email_drafts.status', 'social_drafts.status'],
    jobId: ['email_drafts.job_id', 'social_drafts.job_id'],
    prospectId: ['email_drafts.prospect_id', 'social_profiles.prospect_id'],
    isFollowUp: ['email_drafts.is_follow_up', 'social_drafts.is_follow_up'],
    hasProblems: ['email_drafts.problems', 'social_drafts.problems'],
    search: ['prospects.search', 'social_profiles.search', 'email_drafts.prospect_id', 'social_drafts.social_profile_id'],
  },
  JobFilter: {
    type: ['jobs.job_type'],
    status: ['jobs.status'],
    createdAfter: ['jobs.created_at'],
    createdBefore: ['jobs.created_at'],
  },
};
