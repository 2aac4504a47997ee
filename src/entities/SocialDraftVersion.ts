import { Entity, ManyToOne, Unique } from '@mikro-orm/decorators/legacy';
import { DraftVersionRecord } from './DraftVersionRecord.ts';
import { SocialDraft } from './SocialDraft.ts';

@Entity({ tableName: 'social_draft_versions' })
@Unique({ name: 'social_draft_versions_version', properties: ['draft', 'version'] })
export class SocialDraftVersion extends DraftVersionRecord {
  @ManyToOne({ entity: () => SocialDraft, deleteRule: 'cascade' })
  draft!: SocialDraft;
}
