import { Entity, Index, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { EmailDraft } from './EmailDraft.ts';
import { Job } from './Job.ts';
import { MessageRecord } from './MessageRecord.ts';
import { Prospect } from './Prospect.ts';

@Entity({ tableName: 'email_messages' })
@Unique({ name: 'email_messages_draft', properties: ['draft'] })
@Unique({ name: 'email_messages_message_id', properties: ['messageId'] })
@Index({ name: 'email_messages_prospect', properties: ['prospect', 'createdAt', 'id'] })
@Index({ name: 'email_messages_created_at', properties: ['createdAt', 'id'] })
@Index({ name: 'email_messages_status', properties: ['status', 'createdAt', 'id'] })
@Index({ name: 'email_messages_job', properties: ['job', 'createdAt', 'id'] })
export class EmailMessage extends MessageRecord {
  @ManyToOne({ entity: () => Prospect, deleteRule: 'restrict' })
  prospect!: Prospect;

  @ManyToOne({ entity: () => EmailDraft, deleteRule: 'restrict' })
  draft!: EmailDraft;

  @ManyToOne({ entity: () => Job, nullable: true, deleteRule: 'set null' })
  job?: Job | null;

  @Property({ type: 'text' })
  subject!: string;

  /** RFC 5322 Message-ID, made from the message's id, so that a second attempt carries the same one. */
  @Property({ type: 'text' })
  messageId!: string;
}
