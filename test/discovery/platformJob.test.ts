import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { Platform } from '../../src/domain/enums.ts';
import { discover, type Discover } from '../../src/services/discovery/discover.ts';
import { retryJob } from '../../src/services/retryJob.ts';
import { runDiscoveryQuery } from '../../src/services/discovery/runDiscoveryQuery.ts';
import type { Worker } from '../../src/app/worker.ts';
import { JobBench } from '../jobs/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { type LocalSite, serveSite } from './support.ts';

let bench: JobBench;
let site: LocalSite | undefined;
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs, discovery_queries, scraper_history cascade'));
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await site?.close();
  site = undefined;
});

const did = (number: number) => `did:plc:${number}`;
const actor = (number: number) => ({ did: did(number), handle: `maker${number}.bsky.social`, displayName: `Maker ${number}`, description: 'Makes things', followersCount: 100 + number, labels: [] });

interface Api {
  /** accounts that there are */
  total: number;
  perPage?: number;
  /** the account at each place of the list; each its own unless told */
  at?(place: number): number;
  /** answers instead, by the place of the page; null: as usual */
  before?(place: number, respond: Parameters<RequestListener>[1]): boolean;
  delayMs?: number;
}

/** Bluesky's search, page by page. @returns how often each page was asked for */
async function serveApi({ total, perPage = 25, at = (place) => place, before = () => false, delayMs = 0 }: Api): Promise<Map<number, number>> {
  const pages = new Map<number, number>();
  site = await serveSite((request, response) => {
    const url = new URL(request.url!, 'http://x');
    const answer = (body: object) => setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)), delayMs);
    if (url.pathname.endsWith('getProfiles')) {
      return void answer({ profiles: url.searchParams.getAll('actors').map((name) => actor(Number(name.split(':').at(-1)))) });
    }
    const place = Number(url.searchParams.get('cursor') ?? 0);
    pages.set(place, (pages.get(place) ?? 0) + 1);
    if (before(place, response)) return;
    const size = Math.min(perPage, Number(url.searchParams.get('limit') ?? perPage));
    const actors = Array.from({ length: Math.max(0, Math.min(size, total - place)) }, (_, index) => actor(at(place + index)));
    answer({ actors, ...(place + size < total && { cursor: String(place + size) }) });
  });
  return pages;
}

const outreach = () => outreachOf({ discovery: { ...outreachOf().discovery, allowedHosts: [site!.host], blueskyUrl: site!.origin } });
const context = () => ({ ...bench.context, outreach: outreach() });
const start = async (input: Partial<Discover> = {}) => (await discover(context(), { platform: Platform.BLUESKY, query: 'makers', ...input })).jobId;
const workers: Worker[] = [];
const work = async () => void workers.push(await bench.startWorker({ outreach: outreach() }));
const outcomes = async (id: string) => (await bench.query<{ outcome_counts: object }>('select outcome_counts from jobs where id = $1', [id]))[0]?.outcome_counts;
const count = async (table: string) => (await bench.query<{ count: number }>(`select count(*)::int as count from ${table}`))[0]!.count;

test('a platform is searched page by page until the limit, exactly', async () => {
  await serveApi({ total: 500 });
  const id = await start({ limit: 60 });
  await work();
  expect(await bench.jobIn(id, 'succeeded')).toMatchObject({ processed: 60, total_targets: 60 });
  expect(await outcomes(id)).toEqual({ created: 60 });
  expect([await count('prospects'), await count('social_profiles')]).toEqual([60, 60]);
  expect(await bench.query('select profiles_found, result_limit from social_discovery_jobs')).toEqual([{ profiles_found: 60, result_limit: 60 }]);
  expect(await bench.query('select sum(prospects_found)::int as found, count(*) filter (where http_status <> 200)::int as failed from scraper_history where job_id = $1', [id])).toEqual([{ found: 60, failed: 0 }]);
  const [prospect] = await bench.query(`select source_type, source_platform, username, follower_count from prospects where username = 'maker7.bsky.social'`);
  expect(prospect).toEqual({ source_type: 'social', source_platform: 'bluesky', username: 'maker7.bsky.social', follower_count: 107 });
});

test('whom a platform shows again is a duplicate, and does not count towards the limit', async () => {
  await serveApi({ total: 100, at: (place) => (place >= 25 && place < 50 ? place - 13 : place) });
  const id = await start({ limit: 60 });
  await work();
  expect(await bench.jobIn(id, 'succeeded')).toMatchObject({ processed: 73 });
  expect(await outcomes(id)).toEqual({ created: 60, duplicate: 13 });
  expect(await count('prospects')).toBe(60);
});

test('a platform that shows the same page for ever is left', async () => {
  await serveApi({ total: 100_000, at: (place) => place % 25 });
  const id = await start({ limit: 1_000 });
  await work();
  await bench.jobIn(id, 'succeeded');
  expect(await count('prospects')).toBe(25);
});

test('run again, the search finds what is there, and adds who is new', async () => {
  await serveApi({ total: 10 });
  const first = await start();
  await work();
  await bench.jobIn(first, 'succeeded');
  const [{ id } = { id: '' }] = await bench.query<{ id: string }>('select id from discovery_queries');
  await bench.query(`delete from prospects where username = 'maker3.bsky.social'`);
  const { jobId } = await runDiscoveryQuery(context(), { discoveryQueryId: id });
  await bench.jobIn(jobId, 'succeeded');
  expect(await outcomes(jobId)).toEqual({ created: 1, unchanged: 9 });
  expect(await count('discovery_queries')).toBe(1);
});

test('a page that fails for good is a failure with its reason; what was found stays, and a retry goes on there', async () => {
  let broken = true;
  const pages = await serveApi({ total: 60, before: (place, response) => broken && place === 25 && Boolean(response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"InvalidRequest"}')) });
  const id = await start();
  await work();
  expect(await bench.jobIn(id, 'completed_with_errors')).toMatchObject({ done_count: 25, failed_count: 1, failure_reasons: [{ code: expect.any(String), count: 1 }] });
  expect(await count('prospects')).toBe(25);
  broken = false;
  const { jobId } = await retryJob(context(), { jobId: id });
  expect(await bench.jobIn(jobId, 'succeeded')).toMatchObject({ processed: 35, attempt: 2, retry_of_id: id });
  expect(pages.get(0)).toBe(1);
  expect(await count('prospects')).toBe(60);
});

test('a rate limit is waited for', async () => {
  let refused = 0;
  await serveApi({ total: 30, before: (place, response) => place === 25 && refused++ === 0 && Boolean(response.writeHead(429, { 'retry-after': '1' }).end()) });
  const id = await start();
  await work();
  expect(await bench.jobIn(id, 'succeeded')).toMatchObject({ processed: 30, failed_count: 0 });
  expect(await bench.query('select http_status from scraper_history where http_status = 429')).toHaveLength(1);
});

test('a worker that is killed in mid search costs one page, and nobody is lost or doubled', async () => {
  const pages = await serveApi({ total: 300, delayMs: 60 });
  const id = await start({ limit: 300 });
  const child = await bench.startWorkerProcess(outreach());
  await waitFor(async () => ((await bench.job(id)).processed >= 75 ? true : null), { intervalMs: 5 });
  child.kill('SIGKILL');
  await Promise.all([work(), work()]);
  expect(await bench.jobIn(id, 'succeeded')).toMatchObject({ processed: 300 });
  expect(await outcomes(id)).toEqual({ created: 300 });
  expect(await count('prospects')).toBe(300);
  expect([...pages.values()].reduce((sum, times) => sum + times - 1, 0)).toBeLessThanOrEqual(1);
});

test('whose address or handle is suppressed is excluded as soon as it is found', async () => {
  await serveApi({ total: 3 });
  const { suppressionHashes } = await import('../../src/domain/suppressionHash.ts');
  const { SuppressionKind } = await import('../../src/domain/enums.ts');
  const [hash] = suppressionHashes(outreach().secretKeys, SuppressionKind.HANDLE, 'bsky.app/profile/maker1.bsky.social');
  await bench.query(`insert into suppressions (id, kind, hash, reason) values (gen_random_uuid(), 'handle', $1, 'asked')`, [hash]);
  const id = await start();
  await work();
  await bench.jobIn(id, 'succeeded');
  expect(await bench.query('select username, stage from prospects order by username')).toEqual([
    { username: 'maker0.bsky.social', stage: 'discovered' }, { username: 'maker1.bsky.social', stage: 'excluded' }, { username: 'maker2.bsky.social', stage: 'discovered' },
  ]);
  await bench.query('delete from suppressions');
});

test('while what was found cannot be kept, the platform is not asked again and again', async () => {
  const pages = await serveApi({ total: 3 });
  const id = await start();
  await bench.query('alter table social_profiles rename to hidden_profiles');
  try {
    await work();
    await waitFor(async () => (pages.get(0) === 1 ? true : null));
    await waitFor(async () => ((await bench.query(`select from job_chunks where job_id = $1 and state = 'running' and lease_until > clock_timestamp() + interval '4 seconds'`, [id])).length > 0 ? true : null));
    await waitFor(async () => ((await bench.query<{ late: boolean }>(`select now() - started_at > interval '4 seconds' as late from jobs where id = $1`, [id]))[0]?.late ? true : null));
    expect(pages.get(0)).toBe(1);
  } finally {
    await bench.query('alter table hidden_profiles rename to social_profiles');
  }
});

test('without the table of profiles no search on a platform is started', async () => {
  await serveApi({ total: 3 });
  await bench.query('alter table social_profiles rename to hidden_profiles');
  try {
    await expect(start()).rejects.toThrow(/social_profiles/);
    expect(await count('jobs')).toBe(0);
  } finally {
    await bench.query('alter table hidden_profiles rename to social_profiles');
  }
});
