import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { timestamp } from './Record.ts';

@Entity({ tableName: 'settings' })
export class Setting {
  @PrimaryKey({ type: 'text' })
  key!: string;

  @Property({ type: 'json' })
  value!: unknown;

  @Property({ ...timestamp, defaultRaw: 'now()' })
  updatedAt: Date = new Date();

  @Property({ type: 'text', nullable: true })
  updatedBy?: string | null;
}
