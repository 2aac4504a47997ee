import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { Platform } from '../../src/domain/enums.ts';
import { discover, type Discover } from '../../src/services/discovery/discover.ts';
import { pauseJob } from '../../src/services/pauseJob.ts';
import { importRecords } from '../../src/services/importRecords.ts';
import { resumeJob } from '../../src/services/resumeJob.ts';
import { cancelJob } from '../../src/services/cancelJob.ts';
import type { Worker } from '../../src/app/worker.ts';
import { JobBench } from '../jobs/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { type LocalSite, serveSite } from './support.ts';

let bench: JobBench;
const sites: LocalSite[] = [];
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs, discovery_queries, scraper_history cascade'));
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

async function serve(listener: RequestListener, address?: string): Promise<LocalSite> {
  const site = await serveSite(listener, address);
  sites.push(site);
  return site;
}

const page = (name: string) => `<html><title>${name}</title><meta name=description content="About ${name}"><a href="https://github.com/${name}">code</a><a href="mailto:info@${name}.example">mail</a></html>`;
const html: RequestListener = (request, response) => {
  if (request.url === '/robots.txt') response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': 'text/html' }).end(page(`name${request.url!.replace(/\W/g, '')}`));
};

const outreach = () => outreachOf({ publicUrl: 'https://outreach.example.org', discovery: { ...outreachOf().discovery, allowedHosts: sites.map(({ host }) => host) } });
const start = async (input: Partial<Discover>) => (await discover({ ...bench.context, outreach: outreach() }, { platform: Platform.WEBSITE, query: '', ...input })).jobId;
const workers: Worker[] = [];
const work = async () => void workers.push(await bench.startWorker({ outreach: outreach() }));
const outcomes = async (id: string) => (await bench.query<{ outcome_counts: object }>('select outcome_counts from jobs where id = $1', [id]))[0]?.outcome_counts;

test('sites become prospects with their address and profiles, each request is recorded, and a second run changes nothing', async () => {
  const site = await serve(html);
  const query = `${site.origin}/a ${site.origin}/b\n${site.origin}/gone`;
  const listener: RequestListener = (request, response) => (request.url === '/gone' ? void response.writeHead(410).end() : html(request, response));
  const other = await serve(listener, '127.0.0.2');
  const id = await start({ query: query.replace(`${site.origin}/gone`, `${other.origin}/gone`) });
  await work();
  const job = await bench.jobIn(id, 'succeeded', 'completed_with_errors', 'failed');
  expect(job).toMatchObject({ status: 'completed_with_errors', total_targets: 3, processed: 3, failed_count: 1, failure_reasons: [{ code: 'HTTP_410', count: 1 }] });
  expect(await outcomes(id)).toEqual({ created: 2, failed: 1 });
  expect(await bench.query('select display_name, email, email_blocked, bio_text, source_type, source_platform, follower_count, external_links, source_job_id = $1 as ours, scraped_at is not null as dated, discovery_query_id is not null as kept from prospects order by 1', [id])).toEqual(
    ['namea', 'nameb'].map((name) => ({
      display_name: name, email: `info@${name}.example`, email_blocked: false, bio_text: `About ${name}`, source_type: 'website', source_platform: 'website',
      follower_count: null, external_links: [`https://github.com/${name}`], ours: true, dated: true, kept: true,
    })),
  );
  expect(await bench.query('select platform, username, canonical_key from social_profiles order by 2')).toEqual(
    ['namea', 'nameb'].map((name) => ({ platform: 'github', username: name, canonical_key: `github.com/${name}` })),
  );
  const history = await bench.query<{ url: string; http_status: number; prospects_found: number }>('select url, http_status, prospects_found from scraper_history where job_id = $1 order by url', [id]);
  expect(history).toContainEqual({ url: `${site.origin}/a`, http_status: 200, prospects_found: 1 });
  expect(history).toContainEqual({ url: `${other.origin}/gone`, http_status: 410, prospects_found: 0 });
  expect(history.filter(({ url }) => url === `${site.origin}/robots.txt`)).toHaveLength(1);

  const again = await start({ query: `${site.origin}/a ${site.origin}/b` });
  await bench.jobIn(again, 'succeeded');
  expect(await outcomes(again)).toEqual({ unchanged: 2 });
});

test('what a user imported stays: discovery fills what is empty, and lets the review and the address be', async () => {
  const site = await serve(html);
  const key = site.host + '/ada';
  await bench.query(`insert into prospects (id, canonical_key, profile_url, display_name, email, review_status) values (gen_random_uuid(), $1, $2, 'Ada herself', 'ada@own.example', 'approved')`, [key, `${site.origin}/ada`]);
  const id = await start({ query: `${site.origin}/ada` });
  await work();
  await bench.jobIn(id, 'succeeded');
  expect(await outcomes(id)).toEqual({ updated: 1 });
  expect(await bench.query('select display_name, email, bio_text, review_status, discovery_query_id from prospects')).toEqual([
    { display_name: 'Ada herself', email: 'ada@own.example', bio_text: 'About nameada', review_status: 'approved', discovery_query_id: null },
  ]);
});

test('an address beside which advertising is refused is marked, until a user brings it', async () => {
  const site = await serve((request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Acme</title><p>Keine Werbung! info@acme.example');
  });
  const blocked = async () => (await bench.query<{ email_blocked: boolean }>('select email_blocked from prospects'))[0]?.email_blocked;
  const id = await start({ query: `${site.origin}/acme` });
  await work();
  await bench.jobIn(id, 'succeeded');
  expect(await blocked()).toBe(true);
  const file = `name,url,email\nAcme,${site.origin}/acme,info@acme.example\n`;
  await importRecords(bench.context, Readable.from([Buffer.from(file)]), { format: 'csv', mapping: {}, dryRun: false, digest: null });
  expect(await blocked()).toBe(false);
});

test('the limit is kept, and the same site named twice is one', async () => {
  const site = await serve(html);
  const id = await start({ query: ['a', 'a', 'b', 'c', 'd'].map((path) => `${site.origin}/${path}`).join(','), limit: 3 });
  await work();
  expect(await bench.jobIn(id, 'succeeded')).toMatchObject({ total_targets: 3, processed: 3 });
  expect(await bench.query('select count(*)::int as count from prospects')).toEqual([{ count: 3 }]);
});

test('without the table of profiles the prospects are kept, and each target says that its profiles are not', async () => {
  const site = await serve(html);
  await bench.query('alter table social_profiles rename to hidden_profiles');
  await work();
  try {
    const id = await start({ query: `${site.origin}/a` });
    expect(await bench.jobIn(id, 'completed_with_errors')).toMatchObject({ failed_count: 1, failure_reasons: [{ code: 'PROFILES_NOT_WRITTEN', count: 1, message: expect.stringContaining('social_profiles') }] });
    expect(await bench.query('select display_name from prospects')).toEqual([{ display_name: 'namea' }]);
  } finally {
    await bench.query('alter table hidden_profiles rename to social_profiles');
    }
});

test('workers that are killed in mid job are replaced: every site is found once, and hardly any is asked for twice', async () => {
  const asked = new Map<string, number>();
  const site = await serve((request, response) => {
    if (request.url !== '/robots.txt') asked.set(request.url!, (asked.get(request.url!) ?? 0) + 1);
    setTimeout(() => html(request, response), 40);
  });
  const paths = Array.from({ length: 30 }, (_, index) => `${site.origin}/site${index}`);
  const id = await start({ query: paths.join(' '), limit: 100 });
  let kills = 0;
  for (const share of [5, 15]) {
    const child = await bench.startWorkerProcess(outreach());
    await waitFor(async () => ((await bench.job(id)).processed >= share ? true : null), { intervalMs: 10 });
    child.kill('SIGKILL');
    kills += 1;
  }
  await Promise.all([work(), work()]);
  expect(await bench.jobIn(id, 'succeeded')).toMatchObject({ processed: 30, done_count: 30 });
  expect(await outcomes(id)).toEqual({ created: 30 });
  expect(await bench.query('select count(*)::int as count, count(distinct target_id)::int as distinct from job_targets where job_id = $1', [id])).toEqual([{ count: 30, distinct: 30 }]);
  const repeated = [...asked.values()].reduce((sum, times) => sum + times - 1, 0);
  expect(repeated).toBeLessThanOrEqual(kills * 3);
});

test('pausing and cancelling end waits for slow servers soon', async () => {
  const site = await serve((request, response) => (request.url === '/robots.txt' ? void response.writeHead(404).end() : undefined));
  const id = await start({ query: `${site.origin}/slow` });
  await work();
  await waitFor(async () => (site.requests.some(({ path }) => path === '/slow') ? true : null));
  await pauseJob(bench.context, { jobId: id });
  await waitFor(async () => ((await bench.query('select state from job_chunks where job_id = $1', [id]))[0]?.['state'] === 'ready' ? true : null), { timeoutMs: 5_000 });
  await resumeJob(bench.context, { jobId: id });
  await waitFor(async () => (site.requests.filter(({ path }) => path === '/slow').length > 1 ? true : null));
  await cancelJob(bench.context, { jobId: id });
  await bench.jobIn(id, 'cancelled');
});

test('a search is kept with its intent, and found again when the same is searched again', async () => {
  const filters = { searchIntent: 'partners', targetAudience: 'makers', location: 'Berlin', language: 'de', minFollowers: 10 };
  await start({ query: 'a.example', filters });
  await start({ query: 'a.example', filters });
  await start({ query: 'a.example' });
  expect(await bench.query('select search_intent, target_audience, location, language, min_followers, created_by from discovery_queries order by created_at')).toEqual([
    { search_intent: 'partners', target_audience: 'makers', location: 'Berlin', language: 'de', min_followers: 10, created_by: 'test' },
    { search_intent: null, target_audience: null, location: null, language: null, min_followers: null, created_by: 'test' },
  ]);
  expect(await bench.query('select count(*)::int as count from jobs')).toEqual([{ count: 3 }]);
});

test('one idempotencyKey starts one job, and another input with it conflicts', async () => {
  const [one, two] = await Promise.all([start({ query: 'a.example', idempotencyKey: 'k' }), start({ query: 'a.example', idempotencyKey: 'k' })]);
  expect(one).toBe(two);
  await expect(start({ query: 'b.example', idempotencyKey: 'k' })).rejects.toMatchObject({ errors: [{ code: 'CONFLICT' }] });
});

test.each<[string, Partial<Discover>, string, RegExp]>([
  ['an empty query', { query: ' \n ' }, 'INVALID', /query/],
  ['a query without a site', { query: 'coffee roasters in Berlin' }, 'INVALID', /"coffee" is not a URL/],
  ['another scheme', { query: 'javascript:alert(1)' }, 'INVALID', /http/],
  ['a profile on a platform', { query: 'https://www.linkedin.com/in/ada' }, 'INVALID', /import/],
  ['too many sites', { query: Array.from({ length: 1_001 }, (_, index) => `s${index}.example`).join(' '), limit: 10_000 }, 'INVALID', /1,000 sites/],
  ['no prospects', { query: 'a.example', limit: 0 }, 'INVALID', /limit/],
  ['too many prospects', { query: 'a.example', limit: 10_001 }, 'INVALID', /10,000/],
  ['a filter that is not understood', { query: 'a.example', filters: { colour: 'red' } }, 'INVALID', /colour.*maximumPages/s],
  ['filters that are no object', { query: 'a.example', filters: ['de'] }, 'INVALID', /object/],
  ['a platform without an open door', { platform: Platform.LINKEDIN, query: 'ada' }, 'UNSUPPORTED', /LinkedIn.*import/],
])('%s is refused with what to do', async (_, input, code, message) => {
  await expect(start(input)).rejects.toMatchObject({ errors: [{ code, message: expect.stringMatching(message) }] });
  expect(await bench.query('select id from jobs')).toEqual([]);
});
