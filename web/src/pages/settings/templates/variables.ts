import type { Channel } from '../../../graphql/graphql.ts';

const ofProspect = ['displayName', 'username', 'email', 'bioText', 'profileUrl', 'tags', 'externalLinks', 'followerCount', 'sourcePlatform'];
const ofProfile = ['displayName', 'username', 'bioText', 'profileUrl', 'followerCount', 'platform'].map((field) => `profile.${field}`);

/** What a template of the channel may name, the commonest first. */
export function variablesOf(channel: Channel): readonly string[] {
  return channel === 'SOCIAL' ? [...ofProfile, ...ofProspect] : ofProspect;
}
