import { z } from 'zod';
import { Platform, SourceType } from '../../domain/enums.ts';
import { type UserError, UserErrorCode } from '../../domain/errors.ts';
import { handleOfProfileUrl } from '../../domain/handle.ts';
import { DiscoveryError, type DiscoveredProspect, type Page, type PlatformAdapter, type Search } from '../adapter.ts';
import type { Fetched } from '../fetch/fetch.ts';
import { answerOf, explained, itemsOf } from './answer.ts';
import { followerFilters, hasFollowers, mentions, placeFilters } from './filters.ts';
import { linkOf, linksIn, profileOf } from './links.ts';
import { noteLinks, noteText } from './noteText.ts';
import { cursorAfter, positionOf } from './paging.ts';

/** Accounts of one answer, at most: of the directory, and of a search. */
const mostInDirectory = 80;
const mostFound = 40;

const filters = z.strictObject({
  ...followerFilters,
  ...placeFilters,
  instance: z.string().refine((text) => serverOf(text) !== null, { error: 'instance is the host of a server, such as mastodon.social' }).optional(),
  contains: z.string().min(1).optional(),
  order: z.enum(['active', 'new'], { error: 'order is "active" or "new"' }).optional(),
  bots: z.boolean().optional(),
  groups: z.boolean().optional(),
});
type Filters = z.infer<typeof filters>;

const field = z.object({ name: z.string().catch(''), value: z.string(), verified_at: z.string().nullish() });
const account = z.object({
  id: z.string(),
  username: z.string(),
  acct: z.string(),
  url: z.string(),
  display_name: z.string().catch(''),
  note: z.string().catch(''),
  bot: z.boolean().nullish(),
  group: z.boolean().nullish(),
  discoverable: z.boolean().nullish(),
  /** of the server's own accounts only */
  noindex: z.boolean().nullish(),
  suspended: z.boolean().nullish(),
  limited: z.boolean().nullish(),
  memorial: z.boolean().nullish(),
  moved: z.unknown().optional(),
  followers_count: z.int().catch(-1),
  fields: z.array(field).catch([]),
});
type Account = z.infer<typeof account>;

const directoryAnswer = z.array(z.unknown());
const searchAnswer = z.object({ accounts: z.array(z.unknown()) });

/**
 * People and organisations on a server of the fediverse with Mastodon's API: its directory (the query is its host), or
 * what its search finds (the query is words, and the filter `instance` says where). Only who wants to be found.
 */
export const mastodon: PlatformAdapter<Filters> = {
  platform: Platform.MASTODON,
  filters,
  understands:
    'instance (the host whose search is asked for the query; without it the query is the host whose directory is read), contains and location (words of name, bio or fields), order ("active" or "new", of a directory), minFollowers, maxFollowers, bots and groups (true: not left out); language is kept with the search, and filters nothing',
  check({ query, filters: { instance } }): UserError | null {
    if (instance !== undefined || serverOf(query)) return null;
    return {
      code: UserErrorCode.INVALID,
      message: `Mastodon has no search over all of its servers. Name one: its host as the query ("mastodon.social") reads its directory, and filters: {"instance": "mastodon.social"} asks its search for "${query}".`,
      field: ['input', 'query'],
    };
  },
  async readPage(search): Promise<Page> {
    const { instance } = search.filters;
    const server = serverOf(instance ?? search.query);
    if (!server) throw new DiscoveryError('NOT_A_SERVER', `${instance ?? search.query} is not the host of a server.`);
    return instance === undefined ? readDirectory(server, search) : readSearch(server, search);
  },
};

async function readDirectory(server: URL, search: Search<Filters>): Promise<Page> {
  const position = positionOf(search.cursor);
  const url = new URL(position.at ?? `/api/v1/directory?local=true&order=${search.filters.order ?? 'active'}&limit=${mostInDirectory}&offset=0`, server);
  const response = await ask(search.fetch, url);
  const items = answerOf(response, directoryAnswer);
  const accounts = itemsOf(response, items, account);
  return {
    // What a server says of accounts elsewhere is not asked for here.
    found: prospectsOf(accounts, response, search.filters).filter(({ profileUrl }) => isOf(response, new URL(profileUrl))),
    cursor: cursorAfter(position, { next: linkedNext(response, url) ?? nextOffset(url, items.length), ids: accounts.map(({ id }) => id) }),
  };
}

/** A server shows strangers one page and no other. */
async function readSearch(server: URL, search: Search<Filters>): Promise<Page> {
  const url = new URL(`/api/v2/search?type=accounts&limit=${mostFound}`, server);
  url.searchParams.set('q', search.query);
  const response = await ask(search.fetch, url);
  const { accounts } = answerOf(response, searchAnswer);
  return { found: prospectsOf(itemsOf(response, accounts, account), response, search.filters), cursor: null };
}

async function ask(fetch: Search<Filters>['fetch'], url: URL): Promise<Fetched> {
  const membersOnly = ['TOKEN_NEEDED', `${url.host} shows this to its members only: choose another server, or read its directory by giving its host as the query.`] as const;
  const gone = ['INSTANCE_GONE', `${url.host} has no directory that it shows: it is switched off, or the server is gone or not one of Mastodon's kind.`] as const;
  try {
    return await fetch(url, { headers: { accept: 'application/json' } });
  } catch (error) {
    throw explained(error, { 401: membersOnly, 403: membersOnly, 422: membersOnly, 404: gone, 410: gone });
  }
}

/** The next page as the server links it (RFC 8288), of this server and this list; null when it links none. */
function linkedNext({ headers }: Fetched, asked: URL): string | null {
  const target = /<([^<>]+)>\s*;[^,<]*\brel="?next\b/i.exec(headers['link'] ?? '')?.[1];
  const next = target === undefined ? null : URL.parse(target, asked.href);
  return next?.origin === asked.origin && next.pathname === asked.pathname ? next.pathname + next.search : null;
}

function nextOffset(asked: URL, count: number): string | null {
  if (count === 0) return null;
  const next = new URL(asked);
  next.searchParams.set('offset', String(Number(asked.searchParams.get('offset') ?? 0) + count));
  return next.pathname + next.search;
}

function prospectsOf(accounts: readonly Account[], response: Fetched, given: Filters): DiscoveredProspect[] {
  return accounts.filter((one) => wantsToBeFound(one) && fits(one, given)).flatMap((one) => prospectOf(one, response) ?? []);
}

/** Whether a profile is at home on the server that answered. */
function isOf({ url: { host } }: Fetched, profile: URL): boolean {
  return profile.host === host;
}

function wantsToBeFound({ discoverable, noindex, suspended, limited, memorial, moved, note }: Account): boolean {
  const isThere = !suspended && !limited && !memorial && !moved;
  // What people of the fediverse write who want to be left alone by programs.
  return isThere && discoverable === true && noindex !== true && !/#no-?_?(bots?|index|search)\b/i.test(noteText(note));
}

function fits({ bot, group, followers_count, display_name, note, username, fields }: Account, { bots, groups, contains, location, ...bounds }: Filters): boolean {
  if ((bot && !bots) || (group && !groups)) return false;
  const text = [display_name, username, noteText(note), ...fields.map(({ value }) => noteText(value))].join('\n');
  return hasFollowers(followersOf(followers_count), bounds) && mentions(text, contains) && mentions(text, location);
}

/** −1 stands for a number that is not shown. */
function followersOf(count: number): number | null {
  return count < 0 ? null : count;
}

function prospectOf({ url, username, display_name, note, bot, group, followers_count, fields }: Account, response: Fetched): DiscoveredProspect | null {
  const link = linkOf(url);
  // Elsewhere in the fediverse a profile's address tells no handle that its server would know.
  const handle = link && handleOfProfileUrl(Platform.MASTODON, link);
  if (!link || !handle) return null;
  const verified = fields.filter(({ verified_at }) => verified_at).flatMap(({ value }) => linksOf(value));
  const links = [...verified, ...fields.flatMap(({ value }) => linksOf(value)), ...linksOf(note)];
  return {
    sourceType: SourceType.SOCIAL,
    sourcePlatform: Platform.MASTODON,
    profileUrl: link.href,
    username: handle,
    displayName: display_name.trim() || username,
    email: null,
    emailBlocked: false,
    bioText: noteText(note) || null,
    followerCount: followersOf(followers_count),
    engagementRate: null,
    externalLinks: [...new Set(links)],
    tags: [...(bot ? ['bot'] : []), ...(group ? ['group'] : [])],
    // A verified link is one that links back; who verifies is the server of the account.
    profiles: isOf(response, link) ? verified.flatMap((href) => profileOf(new URL(href)) ?? []) : [],
  };
}

function linksOf(html: string): string[] {
  const written = noteLinks(html);
  return (written.length > 0 ? written : linksIn(noteText(html))).flatMap((href) => linkOf(href)?.href ?? []);
}

/** `mastodon.social`, `@mastodon.social` and `https://mastodon.social/` as the address of a server; null for anything else. */
function serverOf(text: string): URL | null {
  const url = /\s/.test(text.trim()) ? null : linkOf(text.trim().replace(/^@/, ''));
  return url && /^\/(directory|explore|about)?\/?$/.test(url.pathname) && url.search === '' ? new URL(url.origin) : null;
}
