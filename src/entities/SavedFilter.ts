import { Entity, Property, Unique } from '@mikro-orm/decorators/legacy';
import { MutableRecord } from './Record.ts';

/** A filter of prospects under a name. */
@Entity({ tableName: 'saved_filters' })
@Unique({ name: 'saved_filters_name', properties: ['name'] })
export class SavedFilter extends MutableRecord {
  @Property({ type: 'text' })
  name!: string;

  /** A ProspectFilter, as the API takes it. */
  @Property({ type: 'json' })
  filter!: { [name: string]: unknown };

  @Property({ type: 'text', nullable: true })
  createdBy?: string | null;
}
