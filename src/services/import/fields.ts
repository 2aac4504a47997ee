/** The fields of a prospect that a file can give. */
export const fields = [
  'sourceType',
  'sourcePlatform',
  'profileUrl',
  'username',
  'displayName',
  'email',
  'bioText',
  'externalLinks',
  'followerCount',
  'engagementRate',
  'tags',
  'scrapedAt',
  // Parts, of which a row makes what it does not have as a whole.
  'firstName',
  'lastName',
  'organisation',
  'jobTitle',
  'website',
  'emailStatus',
] as const;
export type Field = (typeof fields)[number];
