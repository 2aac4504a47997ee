import type { Needs } from './needs.ts';
import { checkSuppressed, enqueue, exclude, insertJob, insertProspects, once, rollUp, transition } from './parts.ts';

/** What a worker does to a search of websites: without it the job would be started in vain. That profiles cannot be written is told with each site. */
const workOff: Needs = {
  tables: {
    jobs: { select: 'id created_at job_type status attempt parameters' },
    job_chunks: {
      select: 'job_id number state lease_until fence attempts first_ordinal target_ids done_count failed_count skipped_count outcome_counts target_count',
      update: 'state fence attempts leased_by lease_until done_count failed_count outcome_counts target_count',
    },
    job_targets: { select: 'job_id ordinal target_id', insert: 'job_id ordinal target_id outcome attempts code message value', upsert: true },
    discovery_queries: { select: 'id' },
    scraper_history: { insert: 'id discovery_query_id job_id url http_status prospects_found error finished_at' },
    prospects: {
      select: 'id updated_at canonical_key source_type source_platform profile_url username display_name email email_blocked email_bounced bio_text follower_count engagement_rate scraped_at external_links tags discovery_query_id excluded_at',
      update: 'updated_at source_type source_platform profile_url username display_name email email_blocked email_bounced bio_text follower_count engagement_rate scraped_at external_links tags source_job_id',
    },
  },
  objects: [
    'job_targets#job_targets_pkey', 'chunk_state', 'target_outcome', 'suppression_kind', 'job_status=pending', 'job_status=running', 'job_status=succeeded', 'job_status=cancelling', 'job_type=discover', 'source_type=website', 'platform=website', 'chunk_state=ready', 'chunk_state=done',
    ...['email', 'domain', 'handle'].map((kind) => `suppression_kind=${kind}`),
    ...['created', 'updated', 'unchanged', 'duplicate', 'failed'].map((outcome) => `target_outcome=${outcome}`),
  ],
};

const start: readonly Needs[] = [
  insertJob, enqueue, transition, rollUp, insertProspects, checkSuppressed, exclude, workOff,
  { tables: { jobs: { select: 'id', update: 'total_targets' }, job_chunks: { insert: 'job_id number first_ordinal target_count' } } },
];

/** Of searches for prospects. What a platform needs besides, its job's statements say themselves. */
export const discoveryTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.discover': [...start, {
    tables: {
      discovery_queries: {
        select: 'id platform query filters created_at',
        insert: 'id platform query search_intent target_audience location language min_followers filters created_by',
      },
    },
    objects: ['platform'],
  }],
  'DiscoverInput.idempotencyKey': [once],
  'Mutation.runDiscoveryQuery': [...start, { tables: { discovery_queries: { select: 'id platform query filters' } } }],
  'RunDiscoveryQueryInput.idempotencyKey': [once],
};
