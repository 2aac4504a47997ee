import { type Kysely, sql } from 'kysely';
import { DiscoveryError, type Page } from '../../discovery/adapter.ts';
import { createFetch, type RequestRecord } from '../../discovery/fetch/createFetch.ts';
import { FetchError } from '../../discovery/fetch/fetch.ts';
import type { Chunk } from '../leases.ts';
import type { WorkerContext } from '../workerContext.ts';
import type { DiscoveryJob, Failure, PageResult } from './discoveryJob.ts';
import { writePage } from './writePage.ts';

/** A chunk that was claimed so often without keeping a page ends workers. */
const attemptLimit = 3;
/** Pages in a row that bring nobody new, and pages of a search in all: whoever pages on and on without end is left. */
const longestDrought = 20;
/** A platform's rate limit may last an hour; a website's is not worth that. */
const longestWaitMs = { target: 60_000, platform: 3_900_000 };

interface Progress {
  cursor: string | null;
  /** prospects so far, each once */
  found: number;
}

/**
 * Searches what a chunk stands for, one target or all pages of a platform, and keeps each page with what it stands for in
 * one transaction: who takes over after a crash asks for one page again, and writes nothing twice.
 */
export async function discoverChunk(context: WorkerContext, job: DiscoveryJob, chunk: Chunk, signal: AbortSignal): Promise<void> {
  const target = job.targets?.[chunk.firstOrdinal - 1] ?? null;
  const db = context.em().getKysely() as Kysely<any>;
  const at = target === null ? await readProgress(db, job.id) : { cursor: null, found: 0 };
  if (chunk.attempts > attemptLimit) {
    await write(context, job, chunk, { kind: 'failed', at, requests: [], failure: await failureOfWorkers(db, chunk, target ?? job.query) });
    return;
  }
  for (let drought = 0, { cursor, found } = at; ; ) {
    signal.throwIfAborted();
    const result = await readPage(context, job, target, { cursor, found }, signal);
    const isEndless = result.kind === 'page' && (drought >= longestDrought || result.page.cursor === cursor);
    const written = await write(context, job, chunk, isEndless ? { ...result, page: { ...result.page, cursor: null } } : result);
    if (written === null || written.ended) return;
    drought = written.found > found ? 0 : drought + 1;
    cursor = written.cursor;
    found = written.found;
    chunk.attempts = 1;
  }
}

async function readPage({ outreach }: WorkerContext, job: DiscoveryJob, target: string | null, at: Progress, signal: AbortSignal): Promise<PageResult> {
  const requests: RequestRecord[] = [];
  const fetch = createFetch({
    userAgent: job.userAgent,
    allowedHosts: outreach.discovery.allowedHosts,
    signal,
    onRequest: (request) => requests.push(request),
    limits: { longestWaitMs: target === null ? longestWaitMs.platform : longestWaitMs.target },
  });
  const search = { query: target ?? job.query, filters: job.filters, limit: target === null ? job.limit - at.found : 1, cursor: at.cursor, fetch, signal, session: job.session };
  try {
    const page: Page = await job.adapter.readPage(search, outreach);
    return { kind: 'page', at, requests, page };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'failed', at, requests, failure: failureOf(error, target ?? job.query) };
  }
}

/** @throws what says nothing about the search: a mistake of ours */
function failureOf(error: unknown, value: string): Failure {
  if (error instanceof DiscoveryError) return { code: error.code, message: error.message, value };
  if (!(error instanceof FetchError)) throw error;
  return { code: error.code === 'HTTP_STATUS' ? `HTTP_${error.status}` : error.code, message: error.message, value };
}

async function failureOfWorkers(db: Kysely<any>, { jobId, number }: Chunk, value: string): Promise<Failure> {
  const { rows } = await sql<{ error: string | null }>`select error from job_chunks where job_id = ${jobId}::uuid and number = ${number}`.execute(db);
  return { code: 'WORKER_FAILED', message: `Searching failed again and again: ${rows[0]?.error ?? 'the worker ended each time'}.`, value };
}

async function readProgress(db: Kysely<any>, jobId: string): Promise<Progress> {
  const { rows } = await sql<Progress>`select cursor, profiles_found as found from social_discovery_jobs where job_id = ${jobId}::uuid`.execute(db);
  return rows[0] ?? { cursor: null, found: 0 };
}

/** Takes a slot of the process only while it writes. */
function write(context: WorkerContext, job: DiscoveryJob, chunk: Chunk, result: PageResult): ReturnType<typeof writePage> {
  return context.slots.hold(() => writePage(context, job, chunk, result));
}
