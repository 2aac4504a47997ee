import type { SocialProfile } from '../entities/SocialProfile.ts';
import { elsewhere, expression, properties, type ReadModel } from './readModel.ts';

const table = 'social_profiles';

export const socialProfiles: ReadModel<'CREATED_AT' | 'FOLLOWER_COUNT' | 'USERNAME'> = {
  type: 'SocialProfile',
  sources: [
    {
      table,
      from: 'social_profiles t',
      key: 't.id',
      fields: {
        ...properties<SocialProfile>(
          table,
          'platform', 'username', 'displayName', 'profileUrl', 'bioText', 'externalLinks', 'followerCount', 'scrapedAt',
        ),
        engagementRate: expression(table, 't.engagement_rate::float8', 'engagement_rate'),
        prospect: expression(table, 't.prospect_id', 'prospect_id'),
        latestDraft: elsewhere('social_drafts.social_profile_id', 'social_drafts.created_at'),
      },
    },
  ],
  orderEnum: 'SocialProfileOrderField',
  orders: {
    CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] },
    FOLLOWER_COUNT: { sql: 'coalesce(t.follower_count, -1)', type: 'integer', columns: ['follower_count'] },
    USERNAME: { sql: 'lower(t.username)', type: 'text', columns: ['username'] },
  },
};
