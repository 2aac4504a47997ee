import { Entity, Index, ManyToOne } from '@mikro-orm/decorators/legacy';
import { Job } from './Job.ts';
import { MessageRecord } from './MessageRecord.ts';
import { SocialDraft } from './SocialDraft.ts';
import { SocialProfile } from './SocialProfile.ts';

/** A draft has one message at most that is under way or has left; after a failure there may be another. */
@Entity({ tableName: 'social_messages' })
@Index({
  name: 'social_messages_one_of_draft',
  expression: `create unique index "social_messages_one_of_draft" on "social_messages" ("draft_id") where "status" not in ('failed', 'cancelled')`,
})
@Index({ name: 'social_messages_draft', properties: ['draft'] })
@Index({ name: 'social_messages_waiting', expression: `create index "social_messages_waiting" on "social_messages" ("job_id", "chunk") where "status" in ('queued', 'deferred')` })
@Index({ name: 'social_messages_sending', expression: `create index "social_messages_sending" on "social_messages" ("lease_until") where "status" = 'sending'` })
@Index({ name: 'social_messages_blocked', expression: `create index "social_messages_blocked" on "social_messages" ("created_at", "id") where "blocked_by" is not null` })
@Index({ name: 'social_messages_social_profile', properties: ['socialProfile', 'createdAt', 'id'] })
@Index({ name: 'social_messages_created_at', properties: ['createdAt', 'id'] })
@Index({ name: 'social_messages_status', properties: ['status', 'createdAt', 'id'] })
@Index({ name: 'social_messages_job', properties: ['job', 'createdAt', 'id'] })
export class SocialMessage extends MessageRecord {
  @ManyToOne({ entity: () => SocialProfile, deleteRule: 'restrict' })
  socialProfile!: SocialProfile;

  @ManyToOne({ entity: () => SocialDraft, deleteRule: 'restrict' })
  draft!: SocialDraft;

  @ManyToOne({ entity: () => Job, nullable: true, deleteRule: 'set null' })
  job?: Job | null;
}
