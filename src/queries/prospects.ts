import type { Prospect } from '../entities/Prospect.ts';
import { elsewhere, expression, properties, type ReadModel } from './readModel.ts';

const table = 'prospects';

export const prospects: ReadModel<'CREATED_AT' | 'UPDATED_AT' | 'DISPLAY_NAME' | 'FOLLOWER_COUNT'> = {
  type: 'Prospect',
  sources: [
    {
      table,
      from: 'prospects t',
      key: 't.id',
      fields: {
        ...properties<Prospect>(
          table,
          'sourceType', 'sourcePlatform', 'profileUrl', 'username', 'displayName', 'email', 'bioText', 'externalLinks', 'followerCount',
          'tags', 'scrapedAt', 'stage', 'reviewStatus', 'reviewReason', 'draftSubject', 'draftBody', 'draftStatus', 'createdAt', 'updatedAt',
        ),
        engagementRate: expression(table, 't.engagement_rate::float8', 'engagement_rate'),
        socialProfiles: elsewhere('social_profiles.prospect_id'),
        activities: elsewhere('activities.subject_id', 'social_profiles.prospect_id'),
        drafts: elsewhere('email_drafts.prospect_id', 'social_drafts.social_profile_id', 'social_profiles.prospect_id'),
      },
    },
  ],
  orderEnum: 'ProspectOrderField',
  orders: {
    CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] },
    UPDATED_AT: { sql: 't.updated_at', type: 'timestamptz', columns: ['updated_at'] },
    DISPLAY_NAME: { sql: 'lower(t.display_name)', type: 'text', columns: ['display_name'] },
    FOLLOWER_COUNT: { sql: 'coalesce(t.follower_count, -1)', type: 'integer', columns: ['follower_count'] },
  },
};
