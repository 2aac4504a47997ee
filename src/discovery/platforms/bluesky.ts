import { z } from 'zod';
import { Platform, SourceType } from '../../domain/enums.ts';
import type { DiscoveredProspect, Page, PlatformAdapter, Search } from '../adapter.ts';
import { answerOf, explained, itemsOf } from './answer.ts';
import { followerFilters, hasFollowers, mentions, placeFilters } from './filters.ts';
import { linksIn } from './links.ts';
import { cursorAfter, positionOf } from './paging.ts';

const mostActors = 100;
/** of one getProfiles */
const mostProfiles = 25;

const filters = z.strictObject({ ...followerFilters, ...placeFilters, minPosts: z.int().min(0).optional() });
type Filters = z.infer<typeof filters>;

const label = z.object({ val: z.string(), neg: z.boolean().optional() });
const handle = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i);
const actor = z.object({ did: z.string().startsWith('did:'), handle, labels: z.array(label).nullish() });
const profile = actor.extend({
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  followersCount: z.int().nullish(),
  postsCount: z.int().nullish(),
  associated: z.object({ labeler: z.boolean().nullish() }).nullish(),
});
type Profile = z.infer<typeof profile>;

const actorsAnswer = z.object({ actors: z.array(z.unknown()), cursor: z.string().nullish() });
const profilesAnswer = z.object({ profiles: z.array(z.unknown()) });

/** Labels of accounts that show themselves to nobody, or only to who is logged in, and of those that are none. */
const closed = new Set(['!no-unauthenticated', '!hide', '!takedown', '!suspend', 'spam', 'impersonation']);

/** People and organisations on Bluesky, by the search for actors of its public API (app.bsky.actor.searchActors). */
export const bluesky: PlatformAdapter<Filters> = {
  platform: Platform.BLUESKY,
  filters,
  understands: 'minFollowers, maxFollowers and minPosts (whole numbers) and location (a word of the bio); language is kept with the search, and filters nothing',
  async readPage(search, { discovery }): Promise<Page> {
    const position = positionOf(search.cursor);
    const { actors, next } = await searchActors(search, discovery.blueskyUrl, position.at);
    const open = actors.filter(isOpen);
    const profiles: Profile[] = [];
    for (let at = 0; at < open.length; at += mostProfiles) profiles.push(...(await readProfiles(search, discovery.blueskyUrl, open.slice(at, at + mostProfiles))));
    return {
      found: profiles.filter((one) => isOpen(one) && fits(one, search.filters)).map(prospectOf),
      cursor: cursorAfter(position, { next, ids: actors.map(({ did }) => did) }),
    };
  },
};

async function searchActors({ query, limit, fetch }: Search<Filters>, api: string, cursor: string | null) {
  const url = new URL(`${api}/xrpc/app.bsky.actor.searchActors`);
  url.searchParams.set('q', query);
  url.searchParams.set('limit', String(Math.min(mostActors, Math.max(limit, mostProfiles))));
  if (cursor !== null) url.searchParams.set('cursor', cursor);
  const response = await ask(fetch, url);
  const { actors, cursor: next } = answerOf(response, actorsAnswer);
  return { actors: itemsOf(response, actors, actor), next };
}

/** Accounts that are gone are not in the answer. */
async function readProfiles({ fetch }: Search<Filters>, api: string, actors: readonly { did: string }[]): Promise<Profile[]> {
  const url = new URL(`${api}/xrpc/app.bsky.actor.getProfiles`);
  for (const { did } of actors) url.searchParams.append('actors', did);
  const response = await ask(fetch, url);
  return itemsOf(response, answerOf(response, profilesAnswer).profiles, profile);
}

async function ask(fetch: Search<Filters>['fetch'], url: URL): ReturnType<typeof fetch> {
  const closedDoor = [`UNAUTHORIZED`, `${url.host} does not answer without a login: set BLUESKY_URL to an API that does, such as https://api.bsky.app.`] as const;
  try {
    return await fetch(url, { headers: { accept: 'application/json' } });
  } catch (error) {
    throw explained(error, { 400: ['QUERY_REFUSED', `${url.host} refuses this search: try other words.`], 401: closedDoor, 403: closedDoor });
  }
}

function isOpen({ handle, labels }: Pick<Profile, 'handle' | 'labels'>): boolean {
  return handle !== 'handle.invalid' && !(labels ?? []).some(({ val, neg }) => closed.has(val) && !neg);
}

function fits({ displayName, description, followersCount, postsCount, associated }: Profile, given: Filters): boolean {
  const isMentioned = mentions(`${displayName ?? ''} ${description ?? ''}`, given.location);
  return hasFollowers(followersCount ?? null, given) && (postsCount ?? 0) >= (given.minPosts ?? 0) && isMentioned && !associated?.labeler;
}

function prospectOf({ handle, displayName, description, followersCount }: Profile): DiscoveredProspect {
  return {
    sourceType: SourceType.SOCIAL,
    sourcePlatform: Platform.BLUESKY,
    profileUrl: `https://bsky.app/profile/${handle}`,
    username: handle,
    displayName: displayName?.trim() || handle,
    email: null,
    emailBlocked: false,
    bioText: description?.trim() || null,
    followerCount: followersCount ?? null,
    engagementRate: null,
    externalLinks: linksIn(description ?? ''),
    tags: [],
    profiles: [],
  };
}
