import { z } from 'zod';
import type { Outreach } from '../../config/outreach.ts';
import { Platform, SourceType } from '../../domain/enums.ts';
import { type UserError, UserErrorCode } from '../../domain/errors.ts';
import type { DiscoveredProspect, Page, PlatformAdapter, Search } from '../adapter.ts';
import { type Fetched, FetchError } from '../fetch/fetch.ts';
import { answerOf, explained, itemsOf } from './answer.ts';
import { followerFilters, hasFollowers } from './filters.ts';
import { linkOf, profileOf } from './links.ts';

/** GitHub shows so many results of a search, so many of them in an answer. */
const mostResults = 1000;
const perPage = 100;
/** Organisations that are looked at for one page of ours: a request each. */
const lookedAt = 20;

const word = (name: string) => z.string().regex(/^[^"\\]+$/, { error: `${name} is a name without quotes` }).optional();
const filters = z.strictObject({ ...followerFilters, location: word('location'), language: word('language'), minRepositories: z.int().min(0).optional() });
type Filters = z.infer<typeof filters>;

/** A search goes on at its page, with the organisations of the page before that were not looked at yet. */
const cursorShape = z.object({ page: z.int().min(1), logins: z.array(z.string()), more: z.boolean() });
type Cursor = z.infer<typeof cursorShape>;

const login = z.string().regex(/^[\w-]{1,100}$/);
const searchAnswer = z.object({ total_count: z.int(), items: z.array(z.unknown()) });
const organisation = z.object({
  login,
  name: z.string().nullish(),
  description: z.string().nullish(),
  blog: z.string().nullish(),
  email: z.string().nullish(),
  location: z.string().nullish(),
  twitter_username: z.string().nullish(),
  html_url: z.string(),
  followers: z.int().nullish(),
  public_repos: z.int().nullish(),
  archived_at: z.string().nullish(),
});
type Organisation = z.infer<typeof organisation>;

/**
 * Organisations on GitHub, by its search. GitHub's terms forbid unasked-for mail to addresses from there: they are kept
 * for people to see, and marked so that no mail is drafted.
 */
export const github: PlatformAdapter<Filters> = {
  platform: Platform.GITHUB,
  filters,
  understands: 'location and language (texts), minFollowers, maxFollowers and minRepositories (whole numbers)',
  check({ query }): UserError | null {
    if (!/(^|\s)-?(type|user|org):/i.test(query)) return null;
    return { code: UserErrorCode.INVALID, message: 'The search is for organisations already: leave type:, user: and org: out of the query.', field: ['input', 'query'] };
  },
  async readPage(search, { discovery }): Promise<Page> {
    const { logins, page, more } = search.cursor === null ? await searchPage(search, discovery, 1) : await continued(search, discovery, search.cursor);
    const count = Math.min(lookedAt, search.limit);
    const found: DiscoveredProspect[] = [];
    for (const [index, name] of logins.slice(0, count).entries()) {
      try {
        const one = await readOrganisation(name, search, discovery);
        if (one && fits(one, search.filters)) found.push(prospectOf(one));
      } catch (error) {
        // What was found until the limit is kept; the next page begins with what it cost.
        if (!(error instanceof FetchError && error.code === 'RATE_LIMITED') || index === 0) throw error;
        return { found, cursor: cursorOf({ page, logins: logins.slice(index), more }) };
      }
    }
    return { found, cursor: cursorOf({ page, logins: logins.slice(count), more }) };
  },
};

async function continued(search: Search<Filters>, api: Outreach['discovery'], cursor: string): Promise<Cursor> {
  const state = cursorShape.parse(JSON.parse(cursor));
  return state.logins.length > 0 ? state : searchPage(search, api, state.page + 1);
}

function cursorOf(state: Cursor): string | null {
  return state.logins.length > 0 || state.more ? JSON.stringify(state) : null;
}

async function searchPage(search: Search<Filters>, api: Outreach['discovery'], page: number): Promise<Cursor> {
  const url = new URL(`${api.githubUrl}/search/users`);
  url.searchParams.set('q', queryOf(search));
  url.searchParams.set('per_page', String(perPage));
  url.searchParams.set('page', String(page));
  const response = await ask(search.fetch, url, api);
  const { total_count: total, items } = answerOf(response, searchAnswer);
  const logins = itemsOf(response, items, z.object({ login })).map((item) => item.login);
  return { page, logins: [...new Set(logins)], more: items.length > 0 && page * perPage < Math.min(total, mostResults) };
}

function queryOf({ query, filters: { location, language, minFollowers, maxFollowers, minRepositories } }: Search<Filters>): string {
  const qualifiers = [
    'type:org',
    location !== undefined && `location:"${location}"`,
    language !== undefined && `language:"${language}"`,
    (minFollowers !== undefined || maxFollowers !== undefined) && `followers:${minFollowers ?? 0}..${maxFollowers ?? '*'}`,
    minRepositories !== undefined && `repos:>=${minRepositories}`,
  ];
  return [query, ...qualifiers.filter((qualifier) => qualifier !== false)].join(' ');
}

/** Null when it is gone, or GitHub may not show it (451). */
async function readOrganisation(name: string, { fetch }: Search<Filters>, api: Outreach['discovery']): Promise<Organisation | null> {
  const response = await ask(fetch, new URL(`${api.githubUrl}/orgs/${name}`), api, (status) => status === 404 || status === 410 || status === 451);
  return response.status === 200 ? answerOf(response, organisation) : null;
}

async function ask(fetch: Search<Filters>['fetch'], url: URL, { githubToken }: Outreach['discovery'], accept?: (status: number) => boolean): Promise<Fetched> {
  const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28', ...(githubToken && { authorization: `Bearer ${githubToken}` }) };
  try {
    return await fetch(url, { headers, ...(accept && { accept }) });
  } catch (error) {
    throw explained(error, {
      401: ['UNAUTHORIZED', 'GitHub refuses GITHUB_TOKEN: give it another one, or none.'],
      403: ['FORBIDDEN', 'GitHub forbids this search to GITHUB_TOKEN, or to this address.'],
      422: ['QUERY_REFUSED', 'GitHub refuses this search: try other words or filters.'],
    });
  }
}

function fits({ followers, public_repos, archived_at }: Organisation, given: Filters): boolean {
  return !archived_at && hasFollowers(followers ?? null, given) && (public_repos ?? 0) >= (given.minRepositories ?? 0);
}

function prospectOf({ login: username, name, description, blog, email, location, twitter_username, followers, html_url }: Organisation): DiscoveredProspect {
  const site = linkOf(blog);
  const x = linkOf(twitter_username && `https://x.com/${twitter_username}`);
  const links = [site, x].filter((link) => link !== null);
  return {
    sourceType: SourceType.SOCIAL,
    sourcePlatform: Platform.GITHUB,
    profileUrl: linkOf(html_url)?.href ?? `https://github.com/${username}`,
    username,
    displayName: name?.trim() || username,
    email: email?.trim() || null,
    emailBlocked: true,
    bioText: [description?.trim(), location?.trim()].filter(Boolean).join('\n') || null,
    followerCount: followers ?? null,
    engagementRate: null,
    externalLinks: links.map(({ href }) => href),
    tags: ['github-organisation', 'no-cold-mail'],
    profiles: links.flatMap((link) => profileOf(link) ?? []),
  };
}
