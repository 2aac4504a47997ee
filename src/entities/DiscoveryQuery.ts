import { Entity, Enum, Index, Property } from '@mikro-orm/decorators/legacy';
import { Platform } from '../domain/enums.ts';
import { MutableRecord } from './Record.ts';

/** What somebody searched for, with the intent behind it, so that it can be run again. */
@Entity({ tableName: 'discovery_queries' })
@Index({ name: 'discovery_queries_created_at', properties: ['createdAt', 'id'] })
export class DiscoveryQuery extends MutableRecord {
  @Enum({ items: () => Platform, nativeEnumName: 'platform' })
  platform!: Platform;

  @Property({ type: 'text' })
  query!: string;

  @Property({ type: 'text', nullable: true })
  searchIntent?: string | null;

  @Property({ type: 'text', nullable: true })
  targetAudience?: string | null;

  @Property({ type: 'text', nullable: true })
  location?: string | null;

  @Property({ type: 'text', nullable: true })
  language?: string | null;

  @Property({ type: 'integer', nullable: true })
  minFollowers?: number | null;

  @Property({ type: 'json', defaultRaw: `'{}'` })
  filters: { [name: string]: unknown } = {};

  @Property({ type: 'text', nullable: true })
  createdBy?: string | null;
}
