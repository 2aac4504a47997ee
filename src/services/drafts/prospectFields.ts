import { Channel } from '../../domain/enums.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import type { TemplateScope } from './compileTemplate.ts';

/** Fields of the contract's Prospect that a template may read, and the expression over `prospects p` behind each. */
const expressions: Readonly<Record<string, string>> = {
  sourceType: 'upper(p.source_type::text)',
  sourcePlatform: 'upper(p.source_platform::text)',
  profileUrl: 'p.profile_url',
  username: 'p.username',
  displayName: 'p.display_name',
  email: 'p.email',
  bioText: 'p.bio_text',
  externalLinks: 'p.external_links',
  followerCount: 'p.follower_count',
  engagementRate: 'p.engagement_rate::float8',
  tags: 'p.tags',
  scrapedAt: `to_char(p.scraped_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  createdAt: `to_char(p.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
};

/** The same for the profile on the social channel, as `profile.username`, over `social_profiles s`. */
const profileExpressions: Readonly<Record<string, string>> = {
  platform: 'upper(s.platform::text)',
  username: 's.username',
  displayName: 's.display_name',
  profileUrl: 's.profile_url',
  bioText: 's.bio_text',
  followerCount: 's.follower_count',
  engagementRate: 's.engagement_rate::float8',
};

/** The paths that a template for this channel may read. */
export function knownVariables(channel: Channel): string[] {
  const ofProfile = channel === Channel.SOCIAL ? Object.keys(profileExpressions).map((field) => `profile.${field}`) : [];
  return ['id', ...Object.keys(expressions), ...ofProfile];
}

/** SQL for one jsonb object with only the fields that a template uses. Mails have no profile: no field of it has a value. */
export function scopeExpression(variables: ReadonlySet<string>, channel: Channel): string {
  const pairs = Object.entries(expressions)
    .filter(([field]) => variables.has(field))
    .map(([field, expression]) => `'${field}', ${expression}`);
  if (variables.has('profile')) {
    const profile = Object.entries(channel === Channel.SOCIAL ? profileExpressions : {}).map(([field, expression]) => `'${field}', ${expression}`);
    pairs.push(`'profile', json_build_object(${profile.join(', ')})`);
  }
  return `json_build_object(${pairs.join(', ')})`;
}

/** Leaves out what has no value, so that Liquid's strict mode reports it. */
export function toScope(prospectId: string, fields: TemplateScope): TemplateScope {
  const scope = withValues(fields);
  if (typeof scope['profile'] === 'object') {
    scope['profile'] = withValues(scope['profile'] as TemplateScope);
  }
  scope['id'] = toGlobalId('Prospect', prospectId);
  return scope;
}

function withValues(fields: TemplateScope): TemplateScope {
  const scope: TemplateScope = {};
  for (const [field, value] of Object.entries(fields)) {
    if (value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)) {
      scope[field] = value;
    }
  }
  return scope;
}
