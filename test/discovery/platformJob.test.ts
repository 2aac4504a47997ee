import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { Platform } from '../../src/domain/enums.ts';
import { discover, type Discover } from '../../src/services/discovery/discover.ts';
import { JobBench } from '../jobs/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { answer, urlOf } from './platformSupport.ts';
import { type LocalSite, serveSite } from './support.ts';

let bench: JobBench;
let api: LocalSite;
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs, discovery_queries, scraper_history cascade'));
afterEach(() => api.close());

/** What a discovery is told where the platforms' APIs are all this one. */
const outreach = () => outreachOf({ discovery: { allowedHosts: [api.host], blueskyUrl: api.origin, githubUrl: api.origin, githubToken: undefined } });
const start = async (input: Discover) => (await discover({ ...bench.context, outreach: outreach() }, input)).jobId;
const outcomes = async (id: string) => (await bench.query<{ outcome_counts: object }>('select outcome_counts from jobs where id = $1', [id]))[0]?.outcome_counts;

const perPage = 10;
const actor = (number: number) => ({ did: `did:plc:${number}`, handle: `a${number}.bsky.social`, displayName: `Ada ${number}`, description: 'Maths', followersCount: number, labels: [] });

/** Bluesky with so many actors, 10 a page. */
function blueskyOf(count: number): RequestListener {
  return (request, response) => {
    const { pathname, searchParams } = urlOf(request);
    if (pathname.endsWith('getProfiles')) return answer(response, { profiles: searchParams.getAll('actors').map((did) => actor(Number(did.slice(8)))) });
    const at = Number(searchParams.get('cursor') ?? 0);
    const numbers = Array.from({ length: Math.min(perPage, count - at) }, (_, index) => at + index);
    answer(response, { actors: numbers.map(actor), ...(at + perPage < count && { cursor: String(at + perPage) }) });
  };
}

test('Bluesky: all pages become prospects of the social pipeline with their profiles; again, nothing changes', async () => {
  api = await serveSite(blueskyOf(25));
  const input = { platform: Platform.BLUESKY, query: 'maths', filters: { minFollowers: 5, searchIntent: 'speakers' } };
  const id = await start(input);
  const worker = await bench.startWorker({ outreach: outreach() });
  expect(await bench.jobIn(id, 'succeeded', 'completed_with_errors', 'failed')).toMatchObject({ status: 'succeeded', processed: 20, total_targets: 20 });
  const profiles = await bench.query(
    `select p.source_type, p.source_platform, p.display_name, s.username, s.canonical_key, s.follower_count from social_profiles s join prospects p on p.id = s.prospect_id order by s.follower_count`,
  );
  expect(profiles).toHaveLength(20);
  expect(profiles[0]).toEqual({ source_type: 'social', source_platform: 'bluesky', display_name: 'Ada 5', username: 'a5.bsky.social', canonical_key: 'bsky.app/profile/a5.bsky.social', follower_count: 5 });
  expect(await bench.query(`select count(*)::int as requests, sum(prospects_found)::int as found from scraper_history where job_id = $1`, [id])).toEqual([{ requests: 6, found: 20 }]);

  const again = await start(input);
  await bench.jobIn(again, 'succeeded');
  expect(await outcomes(again)).toEqual({ unchanged: 20 });
  await worker.stop();
});

test('a worker that is killed between pages: the next one goes on where it was, and nothing is found twice', async () => {
  const answering = blueskyOf(30);
  let hung = false;
  api = await serveSite((request, response) => {
    // The second page is never answered to the first one who asks.
    if (urlOf(request).searchParams.get('cursor') === '10' && !hung) hung = true;
    else answering(request, response);
  });
  const id = await start({ platform: Platform.BLUESKY, query: 'maths' });
  const first = await bench.startWorkerProcess(outreach());
  await waitFor(() => hung);
  first.kill('SIGKILL');
  const worker = await bench.startWorker({ outreach: outreach() });
  expect(await bench.jobIn(id, 'succeeded', 'failed')).toMatchObject({ status: 'succeeded', processed: 30 });
  expect(await outcomes(id)).toEqual({ created: 30 });
  const starts = api.requests.filter(({ path }) => path.includes('searchActors') && !path.includes('cursor'));
  expect(starts).toHaveLength(1);
  await worker.stop();
});

test('the limit is kept, whatever a page holds', async () => {
  api = await serveSite(blueskyOf(100));
  const id = await start({ platform: Platform.BLUESKY, query: 'maths', limit: 13 });
  const worker = await bench.startWorker({ outreach: outreach() });
  expect(await bench.jobIn(id, 'succeeded')).toMatchObject({ processed: 13 });
  expect(await bench.query('select count(*)::int from prospects')).toEqual([{ count: 13 }]);
  await worker.stop();
});

test('GitHub: addresses are kept and blocked, so that no mail is drafted', async () => {
  api = await serveSite((request, response) => {
    if (urlOf(request).pathname === '/search/users') return answer(response, { total_count: 1, items: [{ login: 'Acme' }] });
    answer(response, { login: 'Acme', name: 'Acme', email: 'hello@acme.example', blog: 'acme.example', followers: 3, html_url: 'https://github.com/Acme', type: 'Organization' });
  });
  const id = await start({ platform: Platform.GITHUB, query: 'engines', filters: { location: 'London' } });
  const worker = await bench.startWorker({ outreach: outreach() });
  await bench.jobIn(id, 'succeeded');
  expect(await bench.query('select canonical_key, email, email_blocked, tags, external_links from prospects')).toEqual([
    { canonical_key: 'github.com/acme', email: 'hello@acme.example', email_blocked: true, tags: ['github-organisation', 'no-cold-mail'], external_links: ['https://acme.example/'] },
  ]);
  await worker.stop();
});

test('Mastodon: a server that shows its directory to members only fails the job with what to do', async () => {
  api = await serveSite((_request, response) => answer(response, { error: 'This method requires an authenticated user' }, { status: 422 }));
  const id = await start({ platform: Platform.MASTODON, query: api.origin });
  const worker = await bench.startWorker({ outreach: outreach() });
  const job = await bench.jobIn(id, 'failed', 'completed_with_errors', 'succeeded');
  expect(job).toMatchObject({ status: 'completed_with_errors', failure_reasons: [{ code: 'TOKEN_NEEDED', count: 1, message: expect.stringContaining('choose another server') }] });
  await worker.stop();
});

test.each([
  [{ platform: Platform.MASTODON, query: 'mathematicians' }, ['input', 'query'], /Name one: its host as the query/],
  [{ platform: Platform.GITHUB, query: 'type:user ada' }, ['input', 'query'], /leave type:/],
  [{ platform: Platform.BLUESKY, query: 'maths', filters: { city: 'Berlin' } }, ['input', 'filters'], /BLUESKY understands minFollowers/],
])('%j is refused before a job is made', async (input, field, message) => {
  api = await serveSite(() => {});
  await expect(start(input)).rejects.toMatchObject({ errors: [{ code: 'INVALID', field, message: expect.stringMatching(message) }] });
  expect(await bench.query('select id from jobs')).toEqual([]);
});
