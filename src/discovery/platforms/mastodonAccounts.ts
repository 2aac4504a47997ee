import { z } from 'zod';
import { Platform, SourceType } from '../../domain/enums.ts';
import { handleOfProfileUrl } from '../../domain/handle.ts';
import type { DiscoveredProspect } from '../adapter.ts';
import type { Fetched } from '../fetch/fetch.ts';
import { hasFollowers, mentions } from './filters.ts';
import { linkOf, linksIn, profileOf } from './links.ts';
import { type Note, readNote } from './readNote.ts';

/** Rows of a profile's table: more than servers let people make. */
const mostFields = 30;

const field = z.object({ name: z.string().catch(''), value: z.string(), verified_at: z.string().nullish() });
/** As Mastodon's API shows an account, and what is like it. */
export const account = z.object({
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

export interface AccountFilters {
  minFollowers?: number | undefined;
  maxFollowers?: number | undefined;
  contains?: string | undefined;
  location?: string | undefined;
  bots?: boolean | undefined;
  groups?: boolean | undefined;
}

/** An account with what it says in HTML, read. */
interface Profile extends Omit<Account, 'note' | 'fields'> {
  note: Note;
  fields: readonly (Note & { isVerified: boolean })[];
}

function profileFrom(one: Account): Profile {
  const fields = one.fields.slice(0, mostFields).map(({ value, verified_at }) => ({ ...readNote(value), isVerified: Boolean(verified_at) }));
  return { ...one, note: readNote(one.note), fields };
}

/** Those who want to be found, and fit. */
export function prospectsOf(accounts: readonly Account[], response: Fetched, given: AccountFilters): DiscoveredProspect[] {
  const profiles = accounts.filter(wantsToBeFound).map(profileFrom);
  return profiles.filter((one) => !wantsNoBots(one) && fits(one, given)).flatMap((one) => prospectOf(one, response) ?? []);
}

/** Whether a profile is at home on the server that answered. */
export function isOf({ url: { host } }: Fetched, profile: URL): boolean {
  return profile.host === host;
}

function wantsToBeFound({ discoverable, noindex, suspended, limited, memorial, moved }: Account): boolean {
  return !suspended && !limited && !memorial && !moved && discoverable === true && noindex !== true;
}

/** What people of the fediverse write who want to be left alone by programs. */
function wantsNoBots({ note, fields }: Profile): boolean {
  return [note, ...fields].some(({ text }) => /#no-?_?(bots?|index|search)\b/i.test(text));
}

function fits({ bot, group, followers_count, display_name, note, username, fields }: Profile, { bots, groups, contains, location, ...bounds }: AccountFilters): boolean {
  if ((bot && !bots) || (group && !groups)) return false;
  const text = [display_name, username, note.text, ...fields.map((field) => field.text)].join('\n');
  return hasFollowers(followersOf(followers_count), bounds) && mentions(text, contains) && mentions(text, location);
}

/** −1 stands for a number that is not shown. */
function followersOf(count: number): number | null {
  return count < 0 ? null : count;
}

function prospectOf({ url, username, display_name, note, bot, group, followers_count, fields }: Profile, response: Fetched): DiscoveredProspect | null {
  const link = linkOf(url);
  // Elsewhere in the fediverse a profile's address tells no handle that its server would know.
  const handle = link && handleOfProfileUrl(Platform.MASTODON, link);
  if (!link || !handle) return null;
  const verified = fields.filter(({ isVerified }) => isVerified).flatMap(linksOf);
  const links = [...verified, ...fields.flatMap(linksOf), ...linksOf(note)];
  return {
    sourceType: SourceType.SOCIAL,
    sourcePlatform: Platform.MASTODON,
    profileUrl: link.href,
    username: handle,
    displayName: display_name.trim() || username,
    email: null,
    emailBlocked: false,
    bioText: note.text || null,
    followerCount: followersOf(followers_count),
    engagementRate: null,
    externalLinks: [...new Set(links)],
    tags: [...(bot ? ['bot'] : []), ...(group ? ['group'] : [])],
    // A verified link is one that links back; who verifies is the server of the account.
    profiles: isOf(response, link) ? verified.flatMap((href) => profileOf(new URL(href)) ?? []) : [],
  };
}

/** The links of what somebody wrote; where a server makes no links of them, as they stand in the text. */
function linksOf({ text, links }: Note): string[] {
  return (links.length > 0 ? links : linksIn(text)).flatMap((href) => linkOf(href)?.href ?? []);
}
