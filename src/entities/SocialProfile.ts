import { DecimalType } from '@mikro-orm/core';
import { Check, Entity, Enum, Index, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { DraftStatus, Platform } from '../domain/enums.ts';
import { Prospect } from './Prospect.ts';
import { MutableRecord, timestamp } from './Record.ts';

/** A handle on a platform; it belongs to exactly one prospect. */
@Entity({ tableName: 'social_profiles' })
@Unique({ name: 'social_profiles_canonical_key', properties: ['canonicalKey'] })
@Index({ name: 'social_profiles_prospect', properties: ['prospect', 'id'] })
@Index({ name: 'social_profiles_created_at', properties: ['createdAt', 'id'] })
@Index({ name: 'social_profiles_username', expression: `create index "social_profiles_username" on "social_profiles" (lower("username"), "id")` })
@Index({ name: 'social_profiles_follower_count', expression: `create index "social_profiles_follower_count" on "social_profiles" (coalesce("follower_count", -1), "id")` })
@Index({ name: 'social_profiles_platform', properties: ['platform', 'createdAt', 'id'] })
@Index({ name: 'social_profiles_draft_status', properties: ['draftStatus', 'createdAt', 'id'] })
@Index({ name: 'social_profiles_search', expression: `create index "social_profiles_search" on "social_profiles" using gin ("search")` })
@Check({ name: 'social_profiles_username_length', expression: 'char_length(username) >= 1 and char_length(username) <= 500' })
@Check({ name: 'social_profiles_follower_count_not_negative', expression: 'follower_count >= 0' })
@Check({ name: 'social_profiles_external_links_array', expression: `jsonb_typeof(external_links) = 'array'` })
export class SocialProfile extends MutableRecord {
  @ManyToOne({ entity: () => Prospect, deleteRule: 'cascade' })
  prospect!: Prospect;

  @Property({ type: 'text' })
  canonicalKey!: string;

  @Enum({ items: () => Platform, nativeEnumName: 'platform' })
  platform!: Platform;

  @Property({ type: 'text' })
  username!: string;

  @Property({ type: 'text', nullable: true })
  displayName?: string | null;

  @Property({ type: 'text' })
  profileUrl!: string;

  @Property({ type: 'text', nullable: true })
  bioText?: string | null;

  @Property({ type: 'json', defaultRaw: `'[]'` })
  externalLinks: string[] = [];

  @Property({ type: 'integer', nullable: true })
  followerCount?: number | null;

  @Property({ type: new DecimalType('number'), precision: 5, scale: 2, nullable: true })
  engagementRate?: number | null;

  @Property({ ...timestamp, nullable: true })
  scrapedAt?: Date | null;

  /** The status of the latest social draft. */
  @Enum({ items: () => DraftStatus, nativeEnumName: 'draft_status', default: DraftStatus.NONE })
  draftStatus: DraftStatus = DraftStatus.NONE;

  @Property({
    columnType: 'tsvector',
    type: 'string',
    lazy: true,
    generated: `(search_document(display_name, username, bio_text, '{}'::text[])) stored`,
  })
  search?: string;
}
