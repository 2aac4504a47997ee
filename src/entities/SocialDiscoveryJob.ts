import { Entity, Enum, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Platform } from '../domain/enums.ts';
import { DiscoveryQuery } from './DiscoveryQuery.ts';
import { Job } from './Job.ts';
import { MutableRecord } from './Record.ts';

/** What a discovery job on a platform searches for and how far it has come. */
@Entity({ tableName: 'social_discovery_jobs' })
@Unique({ name: 'social_discovery_jobs_job', properties: ['job'] })
export class SocialDiscoveryJob extends MutableRecord {
  @ManyToOne({ entity: () => Job, deleteRule: 'cascade' })
  job!: Job;

  @ManyToOne({ entity: () => DiscoveryQuery, nullable: true, deleteRule: 'set null', index: 'social_discovery_jobs_discovery_query' })
  discoveryQuery?: DiscoveryQuery | null;

  @Enum({ items: () => Platform, nativeEnumName: 'platform' })
  platform!: Platform;

  @Property({ type: 'integer', default: 100 })
  resultLimit: number = 100;

  /** Where the platform's own paging goes on. */
  @Property({ type: 'text', nullable: true })
  cursor?: string | null;

  @Property({ type: 'integer', default: 0 })
  profilesFound: number = 0;
}
