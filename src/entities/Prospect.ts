import { Check, Entity, Enum, Index, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { DecimalType } from '@mikro-orm/core';
import { DraftStatus, PipelineStage, Platform, ReviewStatus, SourceType } from '../domain/enums.ts';
import { DiscoveryQuery } from './DiscoveryQuery.ts';
import { Job } from './Job.ts';
import { MutableRecord, timestamp } from './Record.ts';

/** A person or organisation that may be contacted. `canonicalKey` makes it one, however its address is written. */
@Entity({ tableName: 'prospects' })
@Unique({ name: 'prospects_canonical_key', properties: ['canonicalKey'] })
@Index({ name: 'prospects_created_at', properties: ['createdAt', 'id'] })
@Index({ name: 'prospects_updated_at', properties: ['updatedAt', 'id'] })
@Index({ name: 'prospects_display_name', expression: `create index "prospects_display_name" on "prospects" (lower("display_name"), "id")` })
@Index({ name: 'prospects_follower_count', expression: `create index "prospects_follower_count" on "prospects" (coalesce("follower_count", -1), "id")` })
@Index({ name: 'prospects_stage', properties: ['stage', 'createdAt', 'id'] })
@Index({ name: 'prospects_review_status', properties: ['reviewStatus', 'createdAt', 'id'] })
@Index({ name: 'prospects_draft_status', properties: ['draftStatus', 'createdAt', 'id'] })
@Index({ name: 'prospects_source_type', properties: ['sourceType', 'createdAt', 'id'] })
// Small: the whole pipeline is counted in it, or one of the two.
@Index({ name: 'prospects_pipeline', properties: ['stage', 'sourceType'] })
@Index({ name: 'prospects_source_platform', properties: ['sourcePlatform', 'createdAt', 'id'] })
@Index({ name: 'prospects_source_job', properties: ['sourceJob', 'createdAt', 'id'] })
@Index({ name: 'prospects_discovery_query', properties: ['discoveryQuery'] })
@Index({ name: 'prospects_with_email', expression: `create index "prospects_with_email" on "prospects" ("created_at", "id") where "email" is not null` })
@Index({ name: 'prospects_without_email', expression: `create index "prospects_without_email" on "prospects" ("created_at", "id") where "email" is null` })
@Index({ name: 'prospects_email', expression: `create index "prospects_email" on "prospects" ("email") where "email" is not null` })
@Index({ name: 'prospects_review_batch', expression: `create index "prospects_review_batch" on "prospects" ("review_batch", "created_at", "id") where "review_batch" is not null` })
@Index({ name: 'prospects_tags', expression: `create index "prospects_tags" on "prospects" using gin ("tags")` })
@Index({ name: 'prospects_search', expression: `create index "prospects_search" on "prospects" using gin ("search")` })
@Check({ name: 'prospects_display_name_length', expression: 'char_length(display_name) >= 1 and char_length(display_name) <= 500' })
@Check({ name: 'prospects_canonical_key_length', expression: 'char_length(canonical_key) >= 1 and char_length(canonical_key) <= 2048' })
@Check({ name: 'prospects_follower_count_not_negative', expression: 'follower_count >= 0' })
@Check({ name: 'prospects_external_links_array', expression: `jsonb_typeof(external_links) = 'array'` })
export class Prospect extends MutableRecord {
  @Property({ type: 'text' })
  canonicalKey!: string;

  @Enum({ items: () => SourceType, nativeEnumName: 'source_type', default: SourceType.WEBSITE })
  sourceType: SourceType = SourceType.WEBSITE;

  @Enum({ items: () => Platform, nativeEnumName: 'platform', default: Platform.WEBSITE })
  sourcePlatform: Platform = Platform.WEBSITE;

  @Property({ type: 'text', nullable: true })
  profileUrl?: string | null;

  @Property({ type: 'text', nullable: true })
  username?: string | null;

  @Property({ type: 'text' })
  displayName!: string;

  @Property({ type: 'text', nullable: true })
  email?: string | null;

  /** Set where cold mail to this address is forbidden; such a prospect gets no e-mail draft. */
  @Property({ type: 'boolean', default: false })
  emailBlocked: boolean = false;

  /** A mail came back because there is no such address: no import lifts that mark. */
  @Property({ type: 'boolean', default: false })
  emailBounced: boolean = false;

  @Property({ type: 'text', nullable: true })
  bioText?: string | null;

  @Property({ type: 'json', defaultRaw: `'[]'` })
  externalLinks: string[] = [];

  @Property({ type: 'integer', nullable: true })
  followerCount?: number | null;

  @Property({ type: new DecimalType('number'), precision: 5, scale: 2, nullable: true })
  engagementRate?: number | null;

  @Property({ columnType: 'text[]', type: 'string[]', defaultRaw: `'{}'` })
  tags: string[] = [];

  @Property({ ...timestamp, nullable: true })
  scrapedAt?: Date | null;

  @ManyToOne({ entity: () => DiscoveryQuery, nullable: true, deleteRule: 'set null' })
  discoveryQuery?: DiscoveryQuery | null;

  /** The import or discovery that created or last updated it. */
  @ManyToOne({ entity: () => Job, nullable: true, deleteRule: 'set null' })
  sourceJob?: Job | null;

  @Enum({ items: () => ReviewStatus, nativeEnumName: 'review_status', default: ReviewStatus.PENDING })
  reviewStatus: ReviewStatus = ReviewStatus.PENDING;

  @Property({ type: 'text', nullable: true })
  reviewReason?: string | null;

  @Property({ type: 'uuid', nullable: true })
  reviewBatch?: string | null;

  /** `draft*` is the projection of the current e-mail draft. */
  @Property({ type: 'text', nullable: true })
  draftSubject?: string | null;

  @Property({ type: 'text', nullable: true })
  draftBody?: string | null;

  @Enum({ items: () => DraftStatus, nativeEnumName: 'draft_status', default: DraftStatus.NONE })
  draftStatus: DraftStatus = DraftStatus.NONE;

  /** How far the furthest of its social drafts has come; a trigger on `social_profiles` keeps it. */
  @Enum({ items: () => DraftStatus, nativeEnumName: 'draft_status', default: DraftStatus.NONE })
  socialDraftStatus: DraftStatus = DraftStatus.NONE;

  @Property({ ...timestamp, nullable: true })
  sentAt?: Date | null;

  @Property({ ...timestamp, nullable: true })
  followedUpAt?: Date | null;

  @Property({ ...timestamp, nullable: true })
  repliedAt?: Date | null;

  @Property({ ...timestamp, nullable: true })
  excludedAt?: Date | null;

  /** Everything personal is gone; only what was done stays. */
  @Property({ ...timestamp, nullable: true })
  erasedAt?: Date | null;

  @Enum({
    items: () => PipelineStage,
    nativeEnumName: 'pipeline_stage',
    generated: `(case
      when excluded_at is not null then 'excluded'::pipeline_stage
      when replied_at is not null then 'replied'::pipeline_stage
      when followed_up_at is not null then 'followed_up'::pipeline_stage
      when sent_at is not null then 'sent'::pipeline_stage
      when draft_status = 'approved'::draft_status or social_draft_status = 'approved'::draft_status then 'approved'::pipeline_stage
      when draft_status = any (array['generating'::draft_status, 'pending_review'::draft_status])
        or social_draft_status = any (array['generating'::draft_status, 'pending_review'::draft_status]) then 'drafted'::pipeline_stage
      when review_status = 'approved'::review_status then 'reviewed'::pipeline_stage
      when review_status = 'rejected'::review_status then 'rejected'::pipeline_stage
      else 'discovered'::pipeline_stage
    end) stored`,
  })
  stage?: PipelineStage;

  @Property({
    columnType: 'tsvector',
    type: 'string',
    lazy: true,
    generated: '(search_document(display_name, username, bio_text, tags)) stored',
  })
  search?: string;
}
