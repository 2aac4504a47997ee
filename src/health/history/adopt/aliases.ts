/** Other names under which systems of this kind keep what a column of ours holds, the likeliest first. */
const everywhere: Readonly<Record<string, readonly string[]>> = {
  created_at: ['created', 'created_on', 'date_created', 'inserted_at', 'timestamp'],
  updated_at: ['updated', 'updated_on', 'modified_at', 'last_modified'],
  error: ['error_message', 'last_error'],
  external_links: ['links', 'urls'],
  follower_count: ['followers', 'followers_count', 'num_followers'],
  bio_text: ['bio', 'biography', 'description', 'about'],
};

const ofTables: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  jobs: {
    job_type: ['type', 'kind', 'name'],
    status: ['state'],
    parameters: ['params', 'payload', 'config', 'input'],
    total_targets: ['total', 'total_count', 'target_count'],
    done_count: ['processed_count', 'done', 'success_count', 'completed_count'],
    failed_count: ['error_count', 'failure_count', 'failed'],
    finished_at: ['completed_at', 'ended_at', 'finished'],
    created_by: ['user_id', 'owner', 'requested_by'],
  },
  prospects: {
    profile_url: ['page_url', 'website_url', 'website', 'url', 'link', 'domain'],
    display_name: ['name', 'full_name', 'page_title', 'title', 'company', 'username', 'domain', 'email', 'contact_email'],
    username: ['handle'],
    email: ['contact_email', 'email_address'],
    source_platform: ['platform'],
    review_status: ['approval_status'],
    tags: ['labels', 'categories'],
    sent_at: ['last_sent', 'last_sent_at'],
    scraped_at: ['last_scraped_at', 'discovered_at'],
    source_job_id: ['job_id'],
  },
  social_profiles: { username: ['handle'], profile_url: ['url', 'link'], display_name: ['full_name', 'name'], platform: ['source_platform', 'network'] },
  email_drafts: { body: ['draft_body', 'content', 'text'], subject: ['draft_subject', 'title'], status: ['draft_status'], recipient: ['to_email', 'email'] },
  social_drafts: { body: ['draft_body', 'content', 'text', 'message'], status: ['draft_status'], social_profile_id: ['profile_id'] },
  email_messages: { body: ['content', 'text'], recipient: ['to_email', 'recipient_email', 'email', 'to'], status: ['send_status', 'state'] },
  social_messages: { body: ['content', 'text', 'message'], recipient: ['handle', 'to'], status: ['send_status', 'state'], social_profile_id: ['profile_id'] },
  discovery_queries: { query: ['keyword', 'keywords', 'search_query', 'term', 'name'], platform: ['source', 'channel'], location: ['locations', 'city'] },
  scraper_history: { url: ['page_url', 'source_url', 'target_url'], http_status: ['status_code'], prospects_found: ['success_count', 'found', 'results_count'], finished_at: ['completed_at'] },
  social_discovery_jobs: { result_limit: ['limit', 'max_results'], profiles_found: ['results_count', 'found'] },
  settings: { key: ['name'], value: ['data', 'setting'] },
  activities: { actor: ['user', 'user_id', 'performed_by'], action: ['event', 'type', 'activity_type'], subject_type: ['entity_type', 'target_type'], subject_id: ['entity_id', 'target_id'], details: ['metadata', 'data', 'payload'] },
};

/** Columns of another system's table that may hold what ours does: of its own name first. */
export function sourcesOf(table: string, column: string): string[] {
  return [column, ...(ofTables[table]?.[column] ?? []), ...(everywhere[column] ?? [])];
}
