import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { RequestRecord } from '../../discovery/fetch/createFetch.ts';
import { TargetOutcome } from '../../domain/enums.ts';
import { excerpt } from '../import/RowReader.ts';
import type { Chunk } from '../leases.ts';
import { retryTransient } from '../retryTransient.ts';
import { holdSuppressions } from '../suppression/holdSuppressions.ts';
import type { WorkerContext } from '../workerContext.ts';
import type { DiscoveryJob, Failure, PageResult, Settled, Written } from './discoveryJob.ts';
import { writeFound } from './writeFound.ts';

/**
 * Keeps a page: its prospects and profiles, the outcome of each, its requests and where the search goes on, all of it once
 * or nothing. @returns null when the chunk was lost to another worker
 */
export async function writePage(context: WorkerContext, job: DiscoveryJob, chunk: Chunk, result: PageResult): Promise<Written | null> {
  return retryTransient(() => context.em().transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    await holdSuppressions(db);
    const mine = await lockChunk(db, chunk);
    if (!mine) return null;
    const page = result.kind === 'page' ? result.page : null;
    const wanted = job.targets ? 1 : job.limit - result.at.found;
    const settled = result.kind === 'page' ? await writeFound(db, context, job, result.page.found, wanted) : [failedTarget(result.failure)];
    const fresh = settled.filter(({ targetId, outcome }) => targetId !== null && outcome !== TargetOutcome.DUPLICATE).length;
    const found = result.at.found + fresh;
    const cursor = page ? page.cursor : result.at.cursor;
    const ended = page === null || job.targets !== null || cursor === null || found >= job.limit;
    await insertRequests(db, job, result.requests, page?.source ?? result.requests[0]?.url, fresh);
    await insertTargets(db, job, mine.nextOrdinal, settled);
    await count(db, chunk, job, settled, ended);
    if (!job.targets) await keepPlace(db, job.id, cursor, found);
    return { cursor, found, ended };
  }));
}

function failedTarget({ code, message, value }: Failure): Settled {
  return { targetId: null, outcome: TargetOutcome.FAILED, code, message: message.slice(0, 1_000).toWellFormed(), value };
}

async function lockChunk(db: Kysely<any>, { jobId, number, fence }: Chunk): Promise<{ nextOrdinal: number } | null> {
  const { rows } = await sql<{ nextOrdinal: number }>`
    select first_ordinal + done_count + failed_count + skipped_count as "nextOrdinal" from job_chunks
    where job_id = ${jobId}::uuid and number = ${number} and fence = ${fence} and state = 'running' for update`.execute(db);
  return rows[0] ?? null;
}

async function insertRequests(db: Kysely<any>, job: DiscoveryJob, requests: readonly RequestRecord[], source: string | undefined, found: number): Promise<void> {
  if (requests.length === 0) return;
  // What was found stands with the last answer to the request that it came from: earlier ones had failed.
  const foundAt = requests.findLastIndex(({ url }) => url === source);
  const rows = requests.map(({ url, status, error, finishedAt }, index) => ({
    id: uuidv7(), url: url.slice(0, 4_000), status, error: error?.slice(0, 1_000).toWellFormed() ?? null, finishedAt, found: index === foundAt ? found : 0,
  }));
  await sql`
    insert into scraper_history (id, discovery_query_id, job_id, url, http_status, prospects_found, error, finished_at)
    select id, (select discovery_queries.id from discovery_queries where discovery_queries.id = ${job.discoveryQueryId}::uuid), ${job.id}::uuid, url, status, found, error, "finishedAt"
    from json_to_recordset(${JSON.stringify(rows)}::json) as input (id uuid, url text, status int, found int, error text, "finishedAt" timestamptz)`.execute(db);
}

async function insertTargets(db: Kysely<any>, job: DiscoveryJob, first: number, settled: readonly Settled[]): Promise<void> {
  const rows = settled.map((target, index) => ({ ...target, value: excerpt(target.value), ordinal: first + index }));
  await sql`
    insert into job_targets (job_id, ordinal, target_id, outcome, attempts, code, message, value)
    select ${job.id}::uuid, ordinal, "targetId", outcome, ${job.attempt}::int, code, message, value
    from json_to_recordset(${JSON.stringify(rows)}::json) as input (ordinal int, "targetId" uuid, outcome target_outcome, code text, message text, value text)
    on conflict (job_id, ordinal) do nothing`.execute(db);
}

async function count(db: Kysely<any>, { jobId, number }: Chunk, job: DiscoveryJob, settled: readonly Settled[], ended: boolean): Promise<void> {
  const failed = settled.filter(({ outcome }) => outcome === TargetOutcome.FAILED).length;
  const outcomes = JSON.stringify(Object.groupBy(settled.map(({ outcome }) => outcome), (outcome) => outcome));
  await sql`
    update job_chunks set
      done_count = done_count + ${settled.length - failed}, failed_count = failed_count + ${failed}, attempts = 1,
      target_count = greatest(target_count, done_count + failed_count + ${settled.length}),
      outcome_counts = outcome_counts || (
        select coalesce(jsonb_object_agg(key, coalesce((outcome_counts ->> key)::int, 0) + jsonb_array_length(value)), '{}') from jsonb_each(${outcomes}::jsonb)
      ),
      state = case when ${ended} then 'done'::chunk_state else state end,
      lease_until = case when ${ended} then null else lease_until end
    where job_id = ${jobId}::uuid and number = ${number}`.execute(db);
  if (!ended || job.targets) return;
  await sql`update jobs set total_targets = (select sum(done_count + failed_count) from job_chunks where job_id = ${jobId}::uuid) where id = ${jobId}::uuid`.execute(db);
}

async function keepPlace(db: Kysely<any>, jobId: string, cursor: string | null, found: number): Promise<void> {
  await sql`update social_discovery_jobs set cursor = ${cursor}, profiles_found = ${found} where job_id = ${jobId}::uuid`.execute(db);
}
