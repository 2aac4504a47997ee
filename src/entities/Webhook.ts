import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { MutableRecord } from './Record.ts';

/** Where events are told to. */
@Entity({ tableName: 'webhooks' })
export class Webhook extends MutableRecord {
  @Property({ type: 'text' })
  url!: string;

  /** Such as `message.replied` or `job.finished`. */
  @Property({ columnType: 'text[]', type: 'string[]' })
  events!: string[];

  /** Signs what is sent; it is shown once. */
  @Property({ type: 'text' })
  secret!: string;

  @Property({ type: 'boolean', default: true })
  enabled: boolean = true;

  @Property({ type: 'text', nullable: true })
  createdBy?: string | null;
}
