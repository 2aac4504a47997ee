import { Entity, Enum, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Channel } from '../domain/enums.ts';
import { MutableRecord } from './Record.ts';

/** A text with Liquid variables that drafts are made from. */
@Entity({ tableName: 'templates' })
@Unique({ name: 'templates_name', properties: ['name'] })
export class Template extends MutableRecord {
  @Property({ type: 'text' })
  name!: string;

  @Enum({ items: () => Channel, nativeEnumName: 'channel' })
  channel!: Channel;

  /** null on the social channel */
  @Property({ type: 'text', nullable: true })
  subject?: string | null;

  @Property({ type: 'text' })
  body!: string;

  @Property({ type: 'text', nullable: true })
  createdBy?: string | null;
}
