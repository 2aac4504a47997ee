import type { Platform } from '../../graphql/graphql.ts';

type FilterField = { name: string; label: string; hint?: string; whole?: true };

/** How one platform is searched, as far as the form says it; the server checks all of it. */
export interface Searched {
  query: { label: string; hint: string };
  filters: readonly FilterField[];
}

const words = { label: 'Search for', hint: 'Words, as one would type them there.' };
const location: FilterField = { name: 'location', label: 'Location' };
const followers: FilterField = { name: 'minFollowers', label: 'Followers at least', whole: true };

const open: Partial<Record<Platform, Searched>> = {
  WEBSITE: { query: { label: 'Websites', hint: 'Up to 1,000 addresses, parted by spaces, commas or lines.' }, filters: [] },
  GITHUB: { query: words, filters: [location, { name: 'language', label: 'Language', hint: 'Of their code.' }, followers] },
  BLUESKY: { query: words, filters: [{ ...location, hint: 'A word of the bio.' }, followers] },
  MASTODON: {
    query: { label: 'Search for', hint: 'Words, with a server below; or a server, such as mastodon.social, whose directory is read.' },
    filters: [{ name: 'instance', label: 'Server', hint: 'Whose search is asked, such as mastodon.social.' }, { ...location, hint: 'A word of name, bio or fields.' }, followers],
  },
};

/** What can be searched first, then the others, whose answer says what to do instead. */
export const platforms = [
  'WEBSITE', 'GITHUB', 'BLUESKY', 'MASTODON', 'LINKEDIN', 'INSTAGRAM', 'FACEBOOK', 'TIKTOK', 'X', 'YOUTUBE', 'GITLAB', 'OTHER',
] as const satisfies readonly Platform[];

export function searchOf(platform: Platform): Searched {
  return open[platform] ?? { query: words, filters: [] };
}
