import { z } from 'zod';

const count = (name: string) => z.int({ error: `${name} is a whole number from 0` }).min(0, { error: `${name} is a whole number from 0` }).optional();

/** Filters by numbers that a profile shows. */
export const followerFilters = { minFollowers: count('minFollowers'), maxFollowers: count('maxFollowers') };

/** Whether a number of followers is within the bounds; one that is hidden is within none. */
export function hasFollowers(followers: number | null, { minFollowers, maxFollowers }: { minFollowers?: number | undefined; maxFollowers?: number | undefined }): boolean {
  if (minFollowers === undefined && maxFollowers === undefined) return true;
  return followers !== null && followers >= (minFollowers ?? 0) && followers <= (maxFollowers ?? Number.POSITIVE_INFINITY);
}
