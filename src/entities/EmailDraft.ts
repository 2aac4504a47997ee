import { Check, Entity, Index, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { approvedText, DraftRecord } from './DraftRecord.ts';
import { Job } from './Job.ts';
import { Prospect } from './Prospect.ts';

/** An e-mail to a prospect. A prospect has one open first draft at most: no target is drafted twice. */
@Entity({ tableName: 'email_drafts' })
@Index({
  name: 'email_drafts_one_open',
  expression: `create unique index "email_drafts_one_open" on "email_drafts" ("prospect_id") where not "is_follow_up" and "status" in ('generating', 'pending_review', 'approved', 'sent')`,
})
@Index({
  name: 'email_drafts_one_open_follow_up',
  expression: `create unique index "email_drafts_one_open_follow_up" on "email_drafts" ("prospect_id") where "is_follow_up" and "status" in ('generating', 'pending_review', 'approved')`,
})
@Index({ name: 'email_drafts_prospect', properties: ['prospect', 'createdAt', 'id'] })
@Index({ name: 'email_drafts_job', properties: ['job', 'createdAt', 'id'] })
@Index({ name: 'email_drafts_created_at', properties: ['createdAt', 'id'] })
@Index({ name: 'email_drafts_updated_at', properties: ['updatedAt', 'id'] })
@Index({ name: 'email_drafts_status', properties: ['status', 'createdAt', 'id'] })
@Index({ name: 'email_drafts_follow_up', expression: `create index "email_drafts_follow_up" on "email_drafts" ("created_at", "id") where "is_follow_up"` })
@Index({ name: 'email_drafts_with_problems', expression: `create index "email_drafts_with_problems" on "email_drafts" ("created_at", "id") where "problems" <> '{}'` })
@Check({ name: 'email_drafts_approved_text', expression: approvedText })
export class EmailDraft extends DraftRecord {
  @ManyToOne({ entity: () => Prospect, deleteRule: 'cascade' })
  prospect!: Prospect;

  @ManyToOne({ entity: () => Job, nullable: true, deleteRule: 'set null' })
  job?: Job | null;

  @Property({ type: 'text' })
  subject!: string;
}
