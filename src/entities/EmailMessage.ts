import { Entity, Index, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { EmailDraft } from './EmailDraft.ts';
import { Job } from './Job.ts';
import { MessageRecord } from './MessageRecord.ts';
import { Prospect } from './Prospect.ts';

/** A draft has one message at most that is under way or has left; after a failure there may be another. */
@Entity({ tableName: 'email_messages' })
@Index({
  name: 'email_messages_one_of_draft',
  expression: `create unique index "email_messages_one_of_draft" on "email_messages" ("draft_id") where "status" not in ('failed', 'cancelled')`,
})
@Index({ name: 'email_messages_draft', properties: ['draft'] })
@Index({ name: 'email_messages_waiting', expression: `create index "email_messages_waiting" on "email_messages" ("job_id", "chunk") where "status" in ('queued', 'deferred')` })
@Index({ name: 'email_messages_sending', expression: `create index "email_messages_sending" on "email_messages" ("lease_until") where "status" = 'sending'` })
@Index({ name: 'email_messages_blocked', expression: `create index "email_messages_blocked" on "email_messages" ("created_at", "id") where "blocked_by" is not null` })
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
