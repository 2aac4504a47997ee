import { afterEach, describe, expect, test } from '@jest/globals';
import { bluesky } from '../../src/discovery/platforms/bluesky.ts';
import { answer, passingFailures, PlatformBench, urlOf } from './platformSupport.ts';
import type { LocalSite } from './support.ts';

const bench = new PlatformBench(bluesky, ({ origin }) => ({ blueskyUrl: origin }));
afterEach(() => bench.close());

interface Actor {
  did: string;
  handle: string;
  displayName?: string;
  description?: string;
  followersCount?: number;
  postsCount?: number;
  labels?: { src?: string; val: string; neg?: boolean }[];
  associated?: object;
}

const actor = (name: string, changes: Partial<Actor> = {}): Actor => ({
  did: `did:plc:${name}`, handle: `${name}.bsky.social`, displayName: `${name} of Bluesky`, description: `Maths. https://${name}.example/about, see www.more.example!`,
  followersCount: 120, postsCount: 40, labels: [], ...changes,
});

/** The API with these accounts, so many a page, in the form of its lexicons. */
function api(actors: Actor[], perPage = 100): Promise<LocalSite> {
  return bench.serve((request, response) => {
    const url = urlOf(request);
    const view = ({ followersCount: _, postsCount: __, ...shown }: Actor) => ({ ...shown, avatar: 'https://cdn.bsky.app/img/x', createdAt: '2024-01-01T00:00:00.000Z' });
    if (url.pathname === '/xrpc/app.bsky.actor.searchActors') {
      const at = Number(url.searchParams.get('cursor') ?? 0);
      const next = at + perPage;
      return answer(response, { actors: actors.slice(at, next).map(view), ...(next < actors.length && { cursor: String(next) }) });
    }
    const asked = url.searchParams.getAll('actors');
    if (url.pathname === '/xrpc/app.bsky.actor.getProfiles' && asked.length <= 25) return answer(response, { profiles: actors.filter(({ did }) => asked.includes(did)) });
    return answer(response, { error: 'InvalidRequest' }, { status: 400 });
  });
}

describe('a search', () => {
  test('gives profiles with followers, text and links', async () => {
    const site = await api([actor('ada')]);
    const { found } = await bench.search(site, { query: 'maths & "more"' });
    expect(found).toEqual([
      {
        sourceType: 'social', sourcePlatform: 'bluesky', profileUrl: 'https://bsky.app/profile/ada.bsky.social', username: 'ada.bsky.social', displayName: 'ada of Bluesky',
        email: null, emailBlocked: false, bioText: 'Maths. https://ada.example/about, see www.more.example!', followerCount: 120, engagementRate: null,
        externalLinks: ['https://ada.example/about', 'https://www.more.example/'], tags: [], profiles: [],
      },
    ]);
    expect(urlOf({ url: site.requests[0]?.path } as never).searchParams.get('q')).toBe('maths & "more"');
  });

  test('goes through all pages, and reads profiles 25 at a time', async () => {
    const site = await api(Array.from({ length: 130 }, (_, index) => actor(`a${index}`)), 60);
    const { found, pages } = await bench.search(site, { query: 'a' });
    expect(new Set(found.map(({ username }) => username)).size).toBe(130);
    expect(pages).toBe(3);
    expect(site.requests.filter(({ path }) => path.includes('getProfiles'))).toHaveLength(3 + 3 + 1);
  });

  test('a page that is read again from its cursor is the same', async () => {
    const site = await api(Array.from({ length: 9 }, (_, index) => actor(`a${index}`)), 4);
    const first = await bench.readPage(site, { query: 'a' });
    const again = [await bench.readPage(site, { query: 'a' }, first.cursor), await bench.readPage(site, { query: 'a' }, first.cursor)];
    expect(again[0]).toEqual(again[1]);
    expect(again[0]?.found.map(({ username }) => username)).toEqual(['a4', 'a5', 'a6', 'a7'].map((name) => `${name}.bsky.social`));
  });

  test.each(['!no-unauthenticated', '!takedown', '!hide', 'spam'])('leaves out who is labelled %s, unless the label was taken back', async (val) => {
    const site = await api([actor('shown'), actor('hidden', { labels: [{ val }] }), actor('back', { labels: [{ val, neg: true }] })]);
    const { found } = await bench.search(site, { query: 'a' });
    expect(found.map(({ username }) => username)).toEqual(['shown.bsky.social', 'back.bsky.social']);
  });

  test('leaves out accounts that are gone, without a handle, or services', async () => {
    const actors = [actor('here'), actor('odd', { handle: 'handle.invalid' }), actor('labeler', { associated: { labeler: true } })];
    const gone = actor('gone');
    const site = await bench.serve((request, response) =>
      answer(response, urlOf(request).pathname.endsWith('searchActors') ? { actors: [...actors, gone, { nonsense: true }] } : { profiles: actors }),
    );
    expect((await bench.search(site, { query: 'a' })).found.map(({ username }) => username)).toEqual(['here.bsky.social']);
  });

  test('filters by followers and posts', async () => {
    const site = await api([actor('few', { followersCount: 9 }), actor('some', { followersCount: 50 }), actor('many', { followersCount: 5000 }), actor('quiet', { followersCount: 50, postsCount: 0 })]);
    const { found } = await bench.search(site, { query: 'a', filters: { minFollowers: 10, maxFollowers: 100, minPosts: 1 } });
    expect(found.map(({ username }) => username)).toEqual(['some.bsky.social']);
  });

  test('filters by a place that the bio names; a language is taken, and filters nothing', async () => {
    const site = await api([actor('near', { description: 'Living in BERLIN' }), actor('far')]);
    const { found } = await bench.search(site, { query: 'a', filters: { location: 'Berlin', language: 'de' } });
    expect(found.map(({ username }) => username)).toEqual(['near.bsky.social']);
  });

  test('an account without a name is called by its handle', async () => {
    const { found } = await bench.search(await api([actor('ada', { displayName: '', description: undefined })]), { query: 'a' });
    expect(found[0]).toMatchObject({ displayName: 'ada.bsky.social', bioText: null, externalLinks: [] });
  });
});

describe('what it does not understand', () => {
  test.each([{ city: 'Berlin' }, { location: ' ' }, { minFollowers: -1 }, { minFollowers: '10' }])('%j is refused', (filters) => {
    expect(bluesky.filters.safeParse(filters).success).toBe(false);
  });
});

describe('an end, although the platform names a next page', () => {
  const endless = (page: (at: string | null) => object) =>
    bench.serve((request, response) => {
      const url = urlOf(request);
      answer(response, url.pathname.endsWith('getProfiles') ? { profiles: url.searchParams.getAll('actors').map((did) => actor(did.slice(8))) } : page(url.searchParams.get('cursor')));
    });

  test('that is the same page', async () => {
    const site = await endless((at) => ({ actors: [actor(`a${at}`)], cursor: 'again' }));
    expect(await bench.search(site, { query: 'a' })).toMatchObject({ pages: 2, open: false });
  });

  test('that has the same results', async () => {
    const site = await endless((at) => ({ actors: [actor('ada')], cursor: String(Number(at) + 1) }));
    expect(await bench.search(site, { query: 'a' })).toMatchObject({ pages: 2, open: false });
  });

  test('that is empty, and the next one as well', async () => {
    const site = await endless((at) => ({ actors: [], cursor: String(Number(at) + 1) }));
    expect(await bench.search(site, { query: 'a' })).toMatchObject({ found: [], pages: 3, open: false });
  });

  test('but one empty page is none', async () => {
    const site = await endless((at) => (at === null ? { actors: [], cursor: '1' } : { actors: [actor('ada')] }));
    expect((await bench.search(site, { query: 'a' })).found).toHaveLength(1);
  });
});

describe('failures', () => {
  test.each(passingFailures)('%s, and then an answer', async (_, fail) => {
    let failed = false;
    const site = await bench.serve((request, response) => {
      if (!failed) {
        failed = true;
        return fail(response);
      }
      answer(response, urlOf(request).pathname.endsWith('getProfiles') ? { profiles: [actor('ada')] } : { actors: [actor('ada')] });
    });
    expect((await bench.search(site, { query: 'a' })).found).toHaveLength(1);
  });

  test.each([
    ['400', { status: 400 }, '{"error":"InvalidRequest"}', 'QUERY_REFUSED'],
    ['401', { status: 401 }, '{"error":"AuthMissing"}', 'UNAUTHORIZED'],
    ['403', { status: 403 }, '<html>no</html>', 'UNAUTHORIZED'],
    ['404', { status: 404 }, '', 'HTTP_STATUS'],
    ['500 for good', { status: 500 }, '', 'HTTP_STATUS'],
    ['429 for longer than anybody waits', { status: 429, headers: { 'retry-after': '3600' } }, '', 'RATE_LIMITED'],
    ['what is no JSON', {}, '{"actors": [', 'NOT_JSON'],
    ['another form', {}, '{"results": []}', 'UNEXPECTED_ANSWER'],
    ['actors of another form', {}, '{"actors": [{"id": 1}, {"id": 2}]}', 'UNEXPECTED_ANSWER'],
    ['a list', {}, '[]', 'UNEXPECTED_ANSWER'],
  ])('%s', async (_, options, body, code) => {
    const site = await bench.serve((_request, response) => answer(response, body, options));
    await expect(bench.search(site, { query: 'a' })).rejects.toMatchObject({ code });
  });
});
