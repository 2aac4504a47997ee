import { Entity, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { DraftVersionRecord } from './DraftVersionRecord.ts';
import { EmailDraft } from './EmailDraft.ts';

@Entity({ tableName: 'email_draft_versions' })
@Unique({ name: 'email_draft_versions_version', properties: ['draft', 'version'] })
export class EmailDraftVersion extends DraftVersionRecord {
  @ManyToOne({ entity: () => EmailDraft, deleteRule: 'cascade' })
  draft!: EmailDraft;

  @Property({ type: 'text' })
  subject!: string;
}
