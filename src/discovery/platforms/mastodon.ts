import { z } from 'zod';
import { Platform } from '../../domain/enums.ts';
import { type UserError, UserErrorCode } from '../../domain/errors.ts';
import { DiscoveryError, type Page, type PlatformAdapter, type Search } from '../adapter.ts';
import type { Fetched } from '../fetch/fetch.ts';
import { answerOf, explained, itemsOf } from './answer.ts';
import { followerFilters, placeFilters } from './filters.ts';
import { linkOf } from './links.ts';
import { account, isOf, prospectsOf } from './mastodonAccounts.ts';
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

/** `mastodon.social`, `@mastodon.social` and `https://mastodon.social/` as the address of a server; null for anything else. */
function serverOf(text: string): URL | null {
  const url = /\s/.test(text.trim()) ? null : linkOf(text.trim().replace(/^@/, ''));
  return url && /^\/(directory|explore|about)?\/?$/.test(url.pathname) && url.search === '' ? new URL(url.origin) : null;
}
