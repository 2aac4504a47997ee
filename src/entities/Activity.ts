import { Entity, Index, Property } from '@mikro-orm/decorators/legacy';
import { Record } from './Record.ts';

/** Who did what; append-only, enforced by a trigger. `details` holds no personal data. */
@Entity({ tableName: 'activities' })
@Index({ name: 'activities_subject', properties: ['subjectType', 'subjectId', 'createdAt'] })
@Index({ name: 'activities_created_at', properties: ['createdAt', 'id'] })
export class Activity extends Record {
  @Property({ type: 'text' })
  actor!: string;

  /** Such as `prospect.reviewed` or `job.cancelled`. */
  @Property({ type: 'text' })
  action!: string;

  @Property({ type: 'text' })
  subjectType!: string;

  @Property({ type: 'uuid' })
  subjectId!: string;

  @Property({ type: 'text', nullable: true })
  fromState?: string | null;

  @Property({ type: 'text', nullable: true })
  toState?: string | null;

  @Property({ type: 'json', defaultRaw: `'{}'` })
  details: { [name: string]: unknown } = {};
}
