import { z } from 'zod';

const count = (name: string) => z.int({ error: `${name} is a whole number from 0` }).min(0, { error: `${name} is a whole number from 0` }).optional();

/** Filters by numbers that a profile shows. */
export const followerFilters = { minFollowers: count('minFollowers'), maxFollowers: count('maxFollowers') };

/** Filters of platforms on which people write where they live, if at all, in their own words, and nowhere in which language. */
export const placeFilters = {
  location: z.string().trim().min(1).max(500).optional(),
  // Kept with the search; there is nothing that it could be compared with.
  language: z.string().max(500).optional(),
};

/** Whether a number of followers is within the bounds; one that is hidden is within none. */
export function hasFollowers(followers: number | null, { minFollowers, maxFollowers }: { minFollowers?: number | undefined; maxFollowers?: number | undefined }): boolean {
  if (minFollowers === undefined && maxFollowers === undefined) return true;
  return followers !== null && followers >= (minFollowers ?? 0) && followers <= (maxFollowers ?? Number.POSITIVE_INFINITY);
}

/** Whether a profile's text has these words, whatever their letter case; true without any. */
export function mentions(text: string, words: string | undefined): boolean {
  return words === undefined || text.toLowerCase().includes(words.toLowerCase());
}
