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
    search: ['prospects.id', 'prospects.search', 'social_profiles.id', 'social_profiles.search', 'email_drafts.prospect_id', 'social_drafts.social_profile_id'],
  },
  MessageFilter: {
    channel: ['email_messages.id', 'social_messages.id'],
    status: ['email_messages.status', 'social_messages.status'],
    isBlocked: ['email_messages.blocked_by', 'social_messages.blocked_by'],
    jobId: ['email_messages.job_id', 'social_messages.job_id'],
    search: ['prospects.id', 'prospects.search', 'social_profiles.id', 'social_profiles.search', 'email_messages.prospect_id', 'social_messages.social_profile_id'],
  },
  WebhookDeliveryFilter: {
    webhookId: ['webhook_deliveries.webhook_id'],
    state: ['webhook_deliveries.state'],
    event: ['webhook_deliveries.event'],
  },
  InboundMessageFilter: {
    kind: ['inbound_messages.kind'],
    prospectId: ['inbound_messages.prospect_id'],
  },
  DiscoveryQueryFilter: {
    platform: ['discovery_queries.platform'],
  },
  JobFilter: {
    type: ['jobs.job_type'],
    status: ['jobs.status'],
    createdAfter: ['jobs.created_at'],
    createdBefore: ['jobs.created_at'],
  },
};
