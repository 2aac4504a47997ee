import { Entity, Index, ManyToOne, Unique } from '@mikro-orm/decorators/legacy';
import { Job } from './Job.ts';
import { MessageRecord } from './MessageRecord.ts';
import { SocialDraft } from './SocialDraft.ts';
import { SocialProfile } from './SocialProfile.ts';

@Entity({ tableName: 'social_messages' })
@Unique({ name: 'social_messages_draft', properties: ['draft'] })
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
