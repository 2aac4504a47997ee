import { Entity, Index, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { DiscoveryQuery } from './DiscoveryQuery.ts';
import { Job } from './Job.ts';
import { Record, timestamp } from './Record.ts';

/** One fetch by a discovery: what was asked, what came back. */
@Entity({ tableName: 'scraper_history' })
@Index({ name: 'scraper_history_created_at', properties: ['createdAt', 'id'] })
export class ScraperHistory extends Record {
  @ManyToOne({ entity: () => DiscoveryQuery, nullable: true, deleteRule: 'set null', index: 'scraper_history_discovery_query' })
  discoveryQuery?: DiscoveryQuery | null;

  @ManyToOne({ entity: () => Job, nullable: true, deleteRule: 'set null', index: 'scraper_history_job' })
  job?: Job | null;

  @Property({ type: 'text' })
  url!: string;

  @Property({ type: 'integer', nullable: true })
  httpStatus?: number | null;

  @Property({ type: 'integer', default: 0 })
  prospectsFound: number = 0;

  @Property({ type: 'text', nullable: true })
  error?: string | null;

  @Property({ ...timestamp, nullable: true })
  finishedAt?: Date | null;
}
