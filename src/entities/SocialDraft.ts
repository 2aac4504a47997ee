import { Check, Entity, Index, ManyToOne } from '@mikro-orm/decorators/legacy';
import { approvedText, DraftRecord } from './DraftRecord.ts';
import { Job } from './Job.ts';
import { SocialProfile } from './SocialProfile.ts';

/** A message for a social profile. A profile has one open first draft at most: no target is drafted twice. */
@Entity({ tableName: 'social_drafts' })
@Index({
  name: 'social_drafts_one_open',
  expression: `create unique index "social_drafts_one_open" on "social_drafts" ("social_profile_id") where not "is_follow_up" and "status" in ('generating', 'pending_review', 'approved', 'sent')`,
})
@Index({
  name: 'social_drafts_one_open_follow_up',
  expression: `create unique index "social_drafts_one_open_follow_up" on "social_drafts" ("social_profile_id") where "is_follow_up" and "status" in ('generating', 'pending_review', 'approved')`,
})
@Index({ name: 'social_drafts_social_profile', properties: ['socialProfile', 'createdAt', 'id'] })
@Index({ name: 'social_drafts_job', properties: ['job', 'createdAt', 'id'] })
@Index({ name: 'social_drafts_created_at', properties: ['createdAt', 'id'] })
@Index({ name: 'social_drafts_updated_at', properties: ['updatedAt', 'id'] })
@Index({ name: 'social_drafts_status', properties: ['status', 'createdAt', 'id'] })
@Index({ name: 'social_drafts_follow_up', expression: `create index "social_drafts_follow_up" on "social_drafts" ("created_at", "id") where "is_follow_up"` })
@Index({ name: 'social_drafts_with_problems', expression: `create index "social_drafts_with_problems" on "social_drafts" ("created_at", "id") where "problems" <> '{}'` })
@Check({ name: 'social_drafts_approved_text', expression: approvedText })
export class SocialDraft extends DraftRecord {
  @ManyToOne({ entity: () => SocialProfile, deleteRule: 'cascade' })
  socialProfile!: SocialProfile;

  @ManyToOne({ entity: () => Job, nullable: true, deleteRule: 'set null' })
  job?: Job | null;
}
