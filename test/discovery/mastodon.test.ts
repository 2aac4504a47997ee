import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { mastodon } from '../../src/discovery/platforms/mastodon.ts';
import { outreachOf } from '../support/outreach.ts';
import { answer, passingFailures, PlatformBench, urlOf } from './platformSupport.ts';
import type { LocalSite } from './support.ts';

const bench = new PlatformBench(mastodon);
afterEach(() => bench.close());

/** As REST::AccountSerializer of Mastodon writes it. */
const account = (username: string, changes: object = {}) => ({
  id: `1${username}`, username, acct: username, display_name: `${username} :verified:`, locked: false, bot: false, discoverable: true, indexable: true, group: false,
  created_at: '2022-11-01T00:00:00.000Z',
  note: '<p>Maths &amp; music<br />since 1815</p><p>See <a href="https://blog.example/" target="_blank" rel="nofollow noopener noreferrer"><span class="invisible">https://</span><span class="">blog.example/</span></a> <a href="https://social.example/tags/maths" class="mention hashtag" rel="tag">#<span>maths</span></a></p>',
  url: `https://social.example/@${username}`, uri: `https://social.example/users/${username}`, avatar: 'https://files.social.example/a.png', followers_count: 12, following_count: 3, statuses_count: 400,
  last_status_at: '2024-05-01', hide_collections: null, noindex: false, emojis: [], roles: [], fields: [], ...changes,
});

/** What stands for `social.example` is the server that is asked. */
function asOwn(body: object, { headers: { host } }: IncomingMessage): string {
  return JSON.stringify(body).replaceAll('https://social.example', `http://${host}`);
}

function directory(accounts: object[], perPage = 80): Promise<LocalSite> {
  return bench.serve((request, response) => {
    const url = urlOf(request);
    const offset = Number(url.searchParams.get('offset'));
    if (url.pathname !== '/api/v1/directory' || url.searchParams.get('local') !== 'true') return answer(response, { error: 'The page you are looking for isn\'t here.' }, { status: 404 });
    answer(response, asOwn(accounts.slice(offset, offset + perPage), request), { headers: { 'x-ratelimit-limit': '300', 'x-ratelimit-remaining': '299', 'x-ratelimit-reset': '2024-05-01T10:05:00.000000Z' } });
  });
}

const names = (found: readonly { username: string | null }[]) => found.map(({ username }) => username?.split('@')[0]);

describe('the directory of a server', () => {
  test('gives text without HTML, links, and profiles that link back', async () => {
    const fields = [
      { name: 'Code', value: '<a href="https://github.com/ada" rel="nofollow noopener noreferrer me" target="_blank"><span class="invisible">https://</span><span class="">github.com/ada</span></a>', verified_at: '2023-01-01T00:00:00.000+00:00' },
      { name: 'Claimed', value: '<a href="https://github.com/somebody">github.com/somebody</a>', verified_at: null },
      { name: 'Pronouns', value: 'she/her', verified_at: null },
    ];
    const site = await directory([account('ada', { fields })]);
    expect((await bench.search(site, { query: site.origin })).found).toEqual([
      {
        sourceType: 'social', sourcePlatform: 'mastodon', profileUrl: `${site.origin}/@ada`, username: `ada@${site.host}`, displayName: 'ada :verified:', email: null, emailBlocked: false,
        bioText: 'Maths & music\nsince 1815\n\nSee https://blog.example/ #maths', followerCount: 12, engagementRate: null,
        externalLinks: ['https://github.com/ada', 'https://github.com/somebody', 'https://blog.example/'], tags: [],
        profiles: [{ platform: 'github', username: 'ada', profileUrl: 'https://github.com/ada' }],
      },
    ]);
  });

  test('is read to its end, by offsets', async () => {
    const site = await directory(Array.from({ length: 25 }, (_, index) => account(`a${index}`)), 10);
    const { found, pages } = await bench.search(site, { query: `${site.origin}/directory`, filters: { order: 'new' } });
    expect(new Set(names(found)).size).toBe(25);
    expect(pages).toBe(4);
    expect(site.requests.map(({ path }) => urlOf({ url: path } as never).searchParams.get('offset'))).toEqual(['0', '10', '20', '25']);
    expect(site.requests.every(({ path }) => path.includes('order=new'))).toBe(true);
  });

  test('is followed by its own links where it has some, and by no other ones', async () => {
    const site = await bench.serve((request, response) => {
      const next = { a: `<${site.origin}/api/v1/directory?max_id=b>; rel="next", <${site.origin}/api/v1/directory>; rel="prev"`, b: '<http://169.254.169.254/latest>; rel="next"' };
      const at = urlOf(request).searchParams.get('max_id');
      if (urlOf(request).searchParams.get('offset') === '1') return answer(response, []);
      answer(response, asOwn([account(at ?? 'a')], request), { headers: { link: next[(at ?? 'a') as 'a'] ?? '' } });
    });
    const { found } = await bench.search(site, { query: site.origin });
    expect(names(found)).toEqual(['a', 'b']);
    expect(site.requests.map(({ path }) => path)).toEqual(['/api/v1/directory?local=true&order=active&limit=80&offset=0', '/api/v1/directory?max_id=b', '/api/v1/directory?max_id=b&offset=1']);
  });

  test.each([
    ['does not want to be found', { discoverable: false }], ['did not say', { discoverable: null }], ['wants no search engine', { noindex: true }], ['is suspended', { suspended: true }],
    ['is limited', { limited: true }], ['has died', { memorial: true }], ['has moved', { moved: account('new') }], ['wants no bots', { note: '<p>Hi <a href="https://x.example/tags/nobot" class="mention hashtag">#<span>NoBot</span></a></p>' }],
    ['is a bot', { bot: true }], ['is a group', { group: true }], ['has no profile page of the kind', { url: 'https://pleroma.example/users/x' }], ['is at home elsewhere', { url: 'https://mastodon.social/@victim' }], ['has a link that is none', { url: 'javascript:alert(1)' }], ['has no id', { id: 7 }],
  ])('leaves out who %s', async (_, changes) => {
    const site = await directory([account('shown'), account('hidden', changes)]);
    expect(names((await bench.search(site, { query: site.origin })).found)).toEqual(['shown']);
  });

  test('shows bots and groups, tagged, when they are asked for', async () => {
    const site = await directory([account('a', { bot: true }), account('b', { group: true }), account('c')]);
    expect((await bench.search(site, { query: site.origin, filters: { bots: true, groups: true } })).found.map(({ tags }) => tags)).toEqual([['bot'], ['group'], []]);
  });

  test('filters by followers, of which some are hidden, and by words', async () => {
    const site = await directory([account('few', { followers_count: 1 }), account('hidden', { followers_count: -1 }), account('many', { followers_count: 900 }), account('other', { followers_count: 900, note: '<p>Cats</p>' })]);
    expect(names((await bench.search(site, { query: site.origin, filters: { minFollowers: 5, contains: 'MATHS' } })).found)).toEqual(['many']);
    expect((await bench.search(site, { query: site.origin })).found[1]).toMatchObject({ username: expect.stringMatching(/^hidden@/), followerCount: null });
  });

  test('filters by a place, which is often in a field', async () => {
    const site = await directory([account('far'), account('near', { fields: [{ name: 'Home', value: '<strong>Berlin</strong>', verified_at: null }] })]);
    expect(names((await bench.search(site, { query: site.origin, filters: { location: 'berlin', language: 'de' } })).found)).toEqual(['near']);
  });

  test('that shows the same page for every offset has an end', async () => {
    const site = await bench.serve((request, response) => answer(response, asOwn([account('a'), account('b')], request)));
    expect(await bench.search(site, { query: site.origin })).toMatchObject({ pages: 2, open: false });
  });
});

test.each(['<p>', '<b><i>', '<br>', '<a href="https://x.example">', '<div>', '<', '#nobo'])('a profile full of %s holds nobody up, and costs no other one', async (tag) => {
  const site = await directory([account('odd', { note: tag.repeat(800_000 / tag.length), fields: [{ name: tag, value: tag.repeat(200_000 / tag.length), verified_at: null }] }), account('shown')]);
  const began = performance.now();
  expect(names((await bench.search(site, { query: site.origin })).found)).toContain('shown');
  expect(performance.now() - began).toBeLessThan(5_000);
});

describe('the search of a server', () => {
  test('asks for words and takes the one page that strangers get', async () => {
    const site = await bench.serve((request, response) => {
      const { pathname, searchParams } = urlOf(request);
      if (pathname !== '/api/v2/search' || searchParams.has('offset') || searchParams.has('resolve')) return answer(response, { error: 'Search queries pagination is not supported without authentication' }, { status: 401 });
      const fields = [{ name: 'Code', value: '<a href="https://github.com/x">github.com/x</a>', verified_at: '2023-01-01T00:00:00.000+00:00' }];
      const bob = account('bob', { acct: 'bob@other.example', url: 'https://other.example/@bob', noindex: undefined, fields });
      answer(response, asOwn({ accounts: [account('ada', { fields }), bob], statuses: [], hashtags: [] }, request));
    });
    const { found, pages } = await bench.search(site, { query: 'maths & music', filters: { instance: site.origin } });
    expect(found.map(({ username }) => username)).toEqual([`ada@${site.host}`, 'bob@other.example']);
    // Whether a link is verified, the account's own server knows.
    expect(found.map(({ profiles }) => profiles.length)).toEqual([1, 0]);
    expect(pages).toBe(1);
    expect(urlOf({ url: site.requests[0]?.path } as never).searchParams.get('q')).toBe('maths & music');
  });
});

describe('what it does not understand', () => {
  const check = (query: string, filters = {}) => mastodon.check?.({ query, filters }, outreachOf()) ?? null;

  test('words without a server', () => {
    expect(check('mathematicians')).toMatchObject({ code: 'INVALID', field: ['input', 'query'], message: expect.stringContaining('{"instance": "mastodon.social"}') });
  });

  test.each(['mastodon.social', '@mastodon.social', 'https://Mastodon.social/', 'https://mastodon.social/explore'])('%s is a server', (query) => {
    expect(check(query)).toBeNull();
  });

  test.each(['https://mastodon.social/@ada', 'mastodon.social/about/more', 'javascript:alert(1)', 'https://user:pass@mastodon.social'])('%s is none', (query) => {
    expect(check(query)).not.toBeNull();
  });

  test.each([{ city: 'Berlin' }, { order: 'old' }, { instance: 'two words' }, { minFollowers: 1.5 }])('the filter %j', (filters) => {
    expect(mastodon.filters.safeParse(filters).success).toBe(false);
  });

  test('a server inside the network', async () => {
    const site = await directory([]);
    await expect(bench.search(site, { query: 'http://127.0.0.1:1/' })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    await expect(bench.search(site, { query: 'words', filters: { instance: '169.254.169.254' } })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });
});

describe('failures', () => {
  test.each(passingFailures)('%s, and then an answer', async (_, fail) => {
    let failed = false;
    const site = await bench.serve((request, response) => {
      if (failed) return answer(response, asOwn(site.requests.length === 2 ? [account('ada')] : [], request));
      failed = true;
      fail(response);
    });
    expect((await bench.search(site, { query: site.origin })).found).toHaveLength(1);
  });

  test.each([
    ['401', { status: 401 }, '{"error":"The access token is invalid"}', 'TOKEN_NEEDED'],
    ['403', { status: 403 }, '', 'TOKEN_NEEDED'],
    ['422', { status: 422 }, '{"error":"This method requires an authenticated user"}', 'TOKEN_NEEDED'],
    ['404', { status: 404 }, '', 'INSTANCE_GONE'],
    ['410', { status: 410 }, '', 'INSTANCE_GONE'],
    ['429 for longer than anybody waits', { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': new Date(Date.now() + 300_000).toISOString() } }, '{"error":"Too many requests"}', 'RATE_LIMITED'],
    ['what is no JSON', {}, '<!DOCTYPE html>', 'NOT_JSON'],
    ['accounts of another form', {}, '[{"id": 1}, {"id": 2}]', 'UNEXPECTED_ANSWER'],
    ['another form', {}, '{"error": "x"}', 'UNEXPECTED_ANSWER'],
  ])('%s', async (_, options, body, code) => {
    const site = await bench.serve((_request, response) => answer(response, body, options));
    await expect(bench.search(site, { query: site.origin })).rejects.toMatchObject({ code });
  });

  test('a server that is not there', async () => {
    const site = await directory([]);
    await expect(bench.search(site, { query: 'gone.example' })).rejects.toMatchObject({ code: 'HOST_NOT_FOUND' });
  });
});
