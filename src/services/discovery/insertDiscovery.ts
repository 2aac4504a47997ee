import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { JobType, type Platform } from '../../domain/enums.ts';
import { insertJob, type NewJob } from '../insertJob.ts';

/** What a worker needs to know of a discovery. */
export interface DiscoveryParameters {
  platform: Platform;
  query: string;
  /** as given */
  filters: { [name: string]: unknown };
  limit: number;
  discoveryQueryId: string;
  /** what is searched one by one, a chunk each; null where one search goes on from page to page */
  targets: readonly string[] | null;
}

export interface NewDiscovery extends Pick<NewJob, 'id' | 'createdBy' | 'retryOf'> {
  parameters: DiscoveryParameters;
  /** where a search that failed goes on */
  cursor?: string | null;
}

/** A DISCOVER job with its chunks, inside the caller's transaction. */
export async function insertDiscovery(db: Kysely<any>, { parameters, cursor = null, ...job }: NewDiscovery): Promise<void> {
  const { platform, limit, discoveryQueryId, targets } = parameters;
  await insertJob(db, { ...job, jobType: JobType.DISCOVER, parameters: { ...parameters } });
  if (targets) {
    await sql`insert into job_chunks (job_id, number, first_ordinal, target_count)
      select ${job.id}::uuid, n - 1, n, 1 from generate_series(1, ${targets.length}::int) as n`.execute(db);
    await sql`update jobs set total_targets = ${targets.length} where id = ${job.id}::uuid`.execute(db);
  } else {
    await requireProfiles(db);
    await sql`insert into job_chunks (job_id, number, first_ordinal, target_count) values (${job.id}::uuid, 0, 1, 0)`.execute(db);
    await sql`insert into social_discovery_jobs (id, job_id, discovery_query_id, platform, result_limit, cursor)
      values (${uuidv7()}::uuid, ${job.id}::uuid, ${discoveryQueryId}::uuid, ${platform}::platform, ${limit}, ${cursor})`.execute(db);
  }
}

/** What the first page would fail for is said before a job is there: who is found on a platform is nothing without a profile. */
async function requireProfiles(db: Kysely<any>): Promise<void> {
  await sql`
    select id, prospect_id, canonical_key, platform, username, display_name, profile_url, bio_text, external_links, follower_count, engagement_rate, scraped_at
    from social_profiles limit 0`.execute(db);
}
