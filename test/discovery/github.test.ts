import { afterEach, describe, expect, test } from '@jest/globals';
import { github } from '../../src/discovery/platforms/github.ts';
import { outreachOf } from '../support/outreach.ts';
import { answer, passingFailures, PlatformBench, urlOf } from './platformSupport.ts';
import type { LocalSite } from './support.ts';

const bench = new PlatformBench(github, ({ origin }) => ({ githubUrl: origin, githubToken: 'secret-token' }));
afterEach(() => bench.close());

interface Organisation {
  login: string;
  [field: string]: unknown;
}

/** As GitHub's reference shows an organisation. */
const organisation = (login: string, changes: object = {}): Organisation => ({
  login, id: 1, node_id: 'MDEy', url: `https://api.github.com/orgs/${login}`, avatar_url: 'https://avatars.githubusercontent.com/u/1', description: 'Analytical engines', name: `${login} Inc.`,
  company: null, blog: `${login}.example`, location: 'London', email: `hello@${login}.example`, twitter_username: 'acme_x', is_verified: true, public_repos: 9, public_gists: 0, followers: 33,
  following: 0, html_url: `https://github.com/${login}`, created_at: '2012-01-01T00:00:00Z', updated_at: '2024-01-01T00:00:00Z', archived_at: null, type: 'Organization', ...changes,
});

const limits = { 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': '29', 'x-ratelimit-reset': '1900000000', 'x-ratelimit-resource': 'search' };

/** The API with these organisations, of which `missing` are gone. */
function api(organisations: Organisation[], { missing = [] as string[], total = organisations.length } = {}): Promise<LocalSite> {
  return bench.serve((request, response) => {
    const { pathname, searchParams } = urlOf(request);
    if (pathname === '/search/users') {
      const at = (Number(searchParams.get('page')) - 1) * Number(searchParams.get('per_page'));
      const items = organisations.slice(at, at + Number(searchParams.get('per_page'))).map(({ login }) => ({ login, id: 1, type: 'Organization', score: 1, html_url: `https://github.com/${login}` }));
      return answer(response, { total_count: total, incomplete_results: false, items }, { headers: limits });
    }
    const found = organisations.find(({ login }) => pathname === `/orgs/${login}` && !missing.includes(login));
    answer(response, found ?? { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' }, { status: found ? 200 : 404 });
  });
}

const many = (count: number) => Array.from({ length: count }, (_, index) => organisation(`org-${index}`));
const queryOf = (site: LocalSite) => urlOf({ url: site.requests[0]?.path } as never).searchParams.get('q');

describe('a search', () => {
  test('gives organisations, with an address that no mail is drafted to', async () => {
    const site = await api([organisation('acme')]);
    expect((await bench.search(site, { query: 'engines' })).found).toEqual([
      {
        sourceType: 'social', sourcePlatform: 'github', profileUrl: 'https://github.com/acme', username: 'acme', displayName: 'acme Inc.', email: 'hello@acme.example', emailBlocked: true,
        bioText: 'Analytical engines\nLondon', followerCount: 33, engagementRate: null, externalLinks: ['https://acme.example/', 'https://x.com/acme_x'], tags: ['github-organisation', 'no-cold-mail'],
        profiles: [{ platform: 'x', username: 'acme_x', profileUrl: 'https://x.com/acme_x' }],
      },
    ]);
    expect(queryOf(site)).toBe('engines type:org');
    expect(site.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret-token', 'Bearer secret-token']);
    expect(site.requests[0]?.headers).toMatchObject({ accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' });
  });

  test('says its filters in words of GitHub', async () => {
    const site = await api([organisation('acme', { followers: 5 })]);
    const { found } = await bench.search(site, { query: 'engines', filters: { location: 'New York', language: 'rust', minFollowers: 10, minRepositories: 2 } });
    expect(queryOf(site)).toBe('engines type:org location:"New York" language:"rust" followers:10..* repos:>=2');
    // What the index knows may be old.
    expect(found).toEqual([]);
  });

  test('goes through all pages with 20 organisations each, and searches once for 100', async () => {
    const site = await api(many(130));
    const { found, pages } = await bench.search(site, { query: 'a' });
    expect(new Set(found.map(({ username }) => username)).size).toBe(130);
    expect(pages).toBe(7);
    expect(site.requests.filter(({ path }) => path.startsWith('/search')).map(({ path }) => urlOf({ url: path } as never).searchParams.get('page'))).toEqual(['1', '2']);
  });

  test('looks at no more organisations than are wanted', async () => {
    const site = await api(many(50));
    const { found } = await bench.readPage(site, { query: 'a', limit: 3 });
    expect(found).toHaveLength(3);
    expect(site.requests).toHaveLength(1 + 3);
  });

  test('asks for no more than the 1000 results that GitHub shows', async () => {
    const site = await bench.serve((request, response) => {
      const { pathname, searchParams } = urlOf(request);
      if (pathname.startsWith('/orgs/')) return answer(response, organisation(pathname.slice('/orgs/'.length)));
      const page = Number(searchParams.get('page'));
      if (page > 10) return answer(response, { message: 'Only the first 1000 search results are available' }, { status: 422 });
      answer(response, { total_count: 25_000, incomplete_results: true, items: [{ login: `org-${page}` }] });
    });
    expect(await bench.search(site, { query: 'a' })).toMatchObject({ found: { length: 10 }, open: false });
    expect(site.requests.filter(({ path }) => path.startsWith('/search'))).toHaveLength(10);
  });

  test('a page that is read again from its cursor is the same', async () => {
    const site = await api(many(30));
    const { cursor } = await bench.readPage(site, { query: 'a' });
    const pages = [await bench.readPage(site, { query: 'a' }, cursor), await bench.readPage(site, { query: 'a' }, cursor)];
    expect(pages[0]).toEqual(pages[1]);
    expect(pages[0]?.found).toHaveLength(10);
  });

  test('leaves out what is gone, archived, or withheld', async () => {
    const site = await api([organisation('here'), organisation('gone'), organisation('old', { archived_at: '2023-01-01T00:00:00Z' })], { missing: ['gone'] });
    expect((await bench.search(site, { query: 'a' })).found.map(({ username }) => username)).toEqual(['here']);
  });

  test('an end where GitHub counts more than it gives', async () => {
    const site = await api([], { total: 500 });
    expect(await bench.search(site, { query: 'a' })).toEqual({ found: [], pages: 1, open: false });
  });

  test('a login that is none is not asked for', async () => {
    const site = await api([organisation('../user'), organisation('acme')]);
    await bench.search(site, { query: 'a' });
    expect(site.requests.map(({ path }) => path).filter((path) => !path.startsWith('/search'))).toEqual(['/orgs/acme']);
  });
});

describe('what it does not understand', () => {
  test.each(['type:user ada', 'ada -type:org', 'user:ada'])('the query %s', (query) => {
    expect(github.check?.({ query, filters: {} }, outreachOf())).toMatchObject({ code: 'INVALID', field: ['input', 'query'] });
  });

  test.each([{ city: 'Berlin' }, { location: 'a" followers:>1 "' }, { minFollowers: -1 }])('the filter %j', (filters) => {
    expect(github.filters.safeParse(filters).success).toBe(false);
  });
});

describe('rate limits', () => {
  /** Refuses every organisation after so many requests. */
  const limitedAfter = (count: number, refuse: Parameters<typeof answer>[2], body: object) =>
    bench.serve((request, response) => {
      const { pathname } = urlOf(request);
      if (pathname.startsWith('/search')) return answer(response, { total_count: 5, items: many(5) });
      if (site().requests.length > count) return answer(response, body, refuse);
      answer(response, organisation(pathname.slice('/orgs/'.length)));
    });
  let current: LocalSite | null = null;
  const site = () => current as LocalSite;

  test.each([
    ['the primary one, whose reset is far away', { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3000) } }, { message: 'API rate limit exceeded for 203.0.113.1.' }],
    ['the secondary one, with Retry-After', { status: 403, headers: { 'retry-after': '120' } }, { message: 'You have exceeded a secondary rate limit.' }],
    ['the secondary one, which says so only in its text', { status: 403 }, { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' }],
    ['429', { status: 429, headers: { 'retry-after': '600' } }, { message: 'Too many requests' }],
  ])('%s keeps what was found, and the cursor goes on with the next organisation', async (_, refuse, body) => {
    current = await limitedAfter(4, refuse, body);
    const page = await bench.readPage(site(), { query: 'a' });
    expect(page.found.map(({ username }) => username)).toEqual(['org-0', 'org-1', 'org-2']);
    const asked = site().requests.length;
    await expect(bench.readPage(site(), { query: 'a' }, page.cursor)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(site().requests.slice(asked).map(({ path }) => path)).toEqual(['/orgs/org-3']);
  });

  test('one that ends soon is waited for', async () => {
    let refused = false;
    const soon = await bench.serve((request, response) => {
      if (urlOf(request).pathname.startsWith('/search')) return answer(response, { total_count: 1, items: many(1) });
      if (refused) return answer(response, organisation('org-0'));
      refused = true;
      answer(response, { message: 'API rate limit exceeded' }, { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000)) } });
    });
    expect((await bench.search(soon, { query: 'a' })).found).toHaveLength(1);
  });
});

describe('failures', () => {
  test.each(passingFailures)('%s, and then an answer', async (_, fail) => {
    let failed = false;
    const site = await bench.serve((request, response) => {
      if (failed) return answer(response, urlOf(request).pathname.startsWith('/search') ? { total_count: 1, items: many(1) } : organisation('org-0'));
      failed = true;
      fail(response);
    });
    expect((await bench.search(site, { query: 'a' })).found).toHaveLength(1);
  });

  test.each([
    ['401', { status: 401 }, '{"message":"Bad credentials"}', 'UNAUTHORIZED'],
    ['403', { status: 403 }, '{"message":"Resource not accessible by personal access token"}', 'FORBIDDEN'],
    ['422', { status: 422 }, '{"message":"Validation Failed"}', 'QUERY_REFUSED'],
    ['404', { status: 404 }, '{"message":"Not Found"}', 'HTTP_STATUS'],
    ['what is no JSON', {}, 'null,', 'NOT_JSON'],
    ['results of another form', {}, '{"total_count": 1, "items": [{"name": "a"}]}', 'UNEXPECTED_ANSWER'],
    ['another form', {}, '{"items": {}}', 'UNEXPECTED_ANSWER'],
  ])('%s', async (_, options, body, code) => {
    const site = await bench.serve((_request, response) => answer(response, body, options));
    await expect(bench.search(site, { query: 'a' })).rejects.toMatchObject({ code });
  });
});
