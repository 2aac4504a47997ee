import type { Platform } from '../../graphql/graphql.ts';

const limits: Partial<Record<Platform, number>> = { MASTODON: 500, INSTAGRAM: 1_000, BLUESKY: 1_000, FACEBOOK: 2_000, LINKEDIN: 8_000 };

/** Characters that a platform takes in one message, as the server's lint has them. */
export function postLimit(platform: Platform | null | undefined): number {
  return (platform && limits[platform]) ?? 10_000;
}

/** As people count characters, and as the lint does: one outside the basic plane is one. */
export function countCharacters(text: string): number {
  return [...text].length;
}
