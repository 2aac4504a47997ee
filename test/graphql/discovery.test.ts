import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { createOrm } from '../../src/database/createOrm.ts';
import { type LocalSite, serveSite } from '../discovery/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { type Api, startApi } from './support.ts';

let api: Api;
let site: LocalSite;
let worker: Worker;
let orm: Awaited<ReturnType<typeof createOrm>>;
beforeAll(async () => {
  site = await serveSite((request, response) => {
    if (request.url === '/robots.txt' || request.url === '/gone') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Acme</title><a href="mailto:info@acme.example">mail</a><a rel=me href="https://github.com/acme">us</a>');
  });
  const outreach = outreachOf({ discovery: { ...outreachOf().discovery, allowedHosts: [site.host] } });
  api = await startApi(undefined, outreach);
  orm = await createOrm({ url: api.databaseUrl });
  worker = startWorker({ orm, url: api.databaseUrl, log: createLogger('silent'), outreach });
});
afterAll(async () => {
  await worker.stop();
  await orm.close(true);
  await api.stop();
  await site.close();
});

const discover = `mutation ($input: DiscoverInput!) { discover(input: $input) { job { id type status totalTargets createdBy } userErrors { code message field } } }`;

async function ended(id: string): Promise<any> {
  return waitFor(async () => {
    const { data } = await api.ask(`query ($id: ID!) { job(id: $id) {
      status processed doneCount failedCount outcomes { outcome count } failures { nodes { code message value target { id } } }
      discoveryQuery { id query } scraperHistory(first: 10) { totalCount nodes { id url httpStatus prospectsFound error finishedAt } }
    } }`, { id });
    return ['SUCCEEDED', 'COMPLETED_WITH_ERRORS', 'FAILED'].includes(data.job.status) ? data.job : null;
  }, { timeoutMs: 30_000 });
}

test('a search is started, watched, listed with what it was meant for, and run again', async () => {
  const input = { platform: 'WEBSITE', query: `${site.origin}/acme ${site.origin}/gone`, filters: { searchIntent: 'partners', language: 'de' } };
  const { data, errors } = await api.ask(discover, { input });
  expect(errors).toBeUndefined();
  expect(data.discover).toMatchObject({ userErrors: [], job: { type: 'DISCOVER', totalTargets: 2, createdBy: 'admin' } });

  const job = await ended(data.discover.job.id);
  expect(job).toMatchObject({
    status: 'COMPLETED_WITH_ERRORS', processed: 2, outcomes: expect.arrayContaining([{ outcome: 'CREATED', count: 1 }, { outcome: 'FAILED', count: 1 }]),
    failures: { nodes: [{ code: 'HTTP_404', value: `${site.origin}/gone`, target: null }] },
  });
  expect(job.scraperHistory.nodes).toContainEqual({ id: expect.any(String), url: `${site.origin}/acme`, httpStatus: 200, prospectsFound: 1, error: null, finishedAt: expect.any(String) });

  const list = await api.ask(`{ discoveryQueries { totalCount nodes {
    id platform query searchIntent targetAudience location language minFollowers filters prospectCount createdBy createdAt lastJob { id } history { totalCount }
  } } }`);
  expect(list.data.discoveryQueries).toMatchObject({
    totalCount: 1,
    nodes: [{
      id: job.discoveryQuery.id, platform: 'WEBSITE', query: input.query, searchIntent: 'partners', targetAudience: null, language: 'de', filters: input.filters, prospectCount: 1, createdBy: 'admin',
      lastJob: { id: data.discover.job.id }, history: { totalCount: job.scraperHistory.totalCount },
    }],
  });
  const prospects = await api.ask(`query ($id: ID!) { prospects(filter: { jobId: $id }) { nodes { displayName email sourcePlatform socialProfiles { platform username } } } }`, { id: data.discover.job.id });
  expect(prospects.data.prospects.nodes).toEqual([{ displayName: 'Acme', email: 'info@acme.example', sourcePlatform: 'WEBSITE', socialProfiles: [{ platform: 'GITHUB', username: 'acme' }] }]);

  const again = await api.ask(`mutation ($id: ID!) { runDiscoveryQuery(input: { id: $id }) { job { id } userErrors { code } } }`, { id: job.discoveryQuery.id });
  expect(again.data.runDiscoveryQuery.userErrors).toEqual([]);
  expect(await ended(again.data.runDiscoveryQuery.job.id)).toMatchObject({ doneCount: 1, failedCount: 1, discoveryQuery: { id: job.discoveryQuery.id }, outcomes: expect.arrayContaining([{ outcome: 'UNCHANGED', count: 1 }]) });
  const node = await api.ask(`query ($id: ID!) { node(id: $id) { id ... on DiscoveryQuery { prospectCount lastJob { id } } } }`, { id: job.discoveryQuery.id });
  expect(node.data.node).toMatchObject({ prospectCount: 1, lastJob: { id: again.data.runDiscoveryQuery.job.id } });
});

test.each([
  [{ platform: 'INSTAGRAM', query: 'bakers' }, 'UNSUPPORTED', 'platform', /Instagram has no open door.*import/],
  [{ platform: 'WEBSITE', query: 'a.example', filters: { colour: 'red' } }, 'INVALID', 'filters', /colour.*maximumPages/s],
  [{ platform: 'WEBSITE', query: 'a.example', filters: 'text' }, 'INVALID', 'filters', /object/],
  [{ platform: 'WEBSITE', query: ' ' }, 'INVALID', 'query', /query/],
  [{ platform: 'WEBSITE', query: 'a.example', limit: 10_001 }, 'INVALID', 'limit', /10,000/],
  [{ platform: 'BLUESKY', query: 'x'.repeat(2_001) }, 'INVALID', 'query', /2,000/],
  [{ platform: 'GITHUB', query: 'a\u0000b' }, 'INVALID', 'query', /NUL/],
])('%o is refused', async (input, code, field, message) => {
  const { data, errors } = await api.ask(discover, { input });
  expect(errors).toBeUndefined();
  expect(data.discover).toEqual({ job: null, userErrors: [{ code, field: ['input', field], message: expect.stringMatching(message) }] });
});

test('a search that does not exist cannot be run again', async () => {
  const id = Buffer.from('DiscoveryQuery:00000000-0000-7000-8000-000000000000').toString('base64url');
  const { data } = await api.ask(`mutation ($id: ID!) { runDiscoveryQuery(input: { id: $id }) { job { id } userErrors { code field } } }`, { id });
  expect(data.runDiscoveryQuery).toEqual({ job: null, userErrors: [{ code: 'NOT_FOUND', field: ['input', 'id'] }] });
});

test('twenty searches at once with one idempotencyKey start one job', async () => {
  const input = { platform: 'WEBSITE', query: `${site.origin}/acme`, idempotencyKey: 'once' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.ask(discover, { input })));
  expect(new Set(answers.map(({ data }) => data.discover.job.id)).size).toBe(1);
});

test('without a social table websites are searched, and a search on a platform answers SCHEMA_NOT_READY', async () => {
  await api.sql('alter table social_discovery_jobs rename to hidden_jobs');
  try {
    const platform = await api.ask(discover, { input: { platform: 'BLUESKY', query: 'bakers' } });
    expect(platform.errors?.[0]?.extensions.code ?? platform.data.discover.userErrors[0].code).toBe('SCHEMA_NOT_READY');
    const { data } = await api.ask(discover, { input: { platform: 'WEBSITE', query: `${site.origin}/other` } });
    expect(data.discover.userErrors).toEqual([]);
    expect(await ended(data.discover.job.id)).toMatchObject({ status: 'SUCCEEDED' });
  } finally {
    await api.sql('alter table hidden_jobs rename to social_discovery_jobs');
  }
});
