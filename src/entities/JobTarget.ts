import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { TargetOutcome } from '../domain/enums.ts';
import { Job } from './Job.ts';

/** What became of one target. An import keeps only the rows that failed; the others are in its counts. */
@Entity({ tableName: 'job_targets' })
@Index({
  name: 'job_targets_failed',
  expression: `create index "job_targets_failed" on "job_targets" ("job_id", "code", "ordinal") where "outcome" = 'failed'`,
})
export class JobTarget {
  @ManyToOne({ entity: () => Job, primary: true, deleteRule: 'cascade' })
  job!: Job;

  @PrimaryKey({ type: 'integer' })
  ordinal!: number;

  /** The prospect or the profile, where the target is or became one. */
  @Property({ type: 'uuid', nullable: true })
  targetId?: string | null;

  @Enum({ items: () => TargetOutcome, nativeEnumName: 'target_outcome' })
  outcome!: TargetOutcome;

  @Property({ type: 'integer', default: 1 })
  attempts: number = 1;

  @Property({ type: 'text', nullable: true })
  code?: string | null;

  @Property({ type: 'text', nullable: true })
  message?: string | null;

  /** 1-based line of an imported file */
  @Property({ type: 'integer', nullable: true })
  line?: number | null;

  @Property({ type: 'text', nullable: true, fieldName: 'column_name' })
  column?: string | null;

  /** what stood there, at most 200 characters */
  @Property({ type: 'text', nullable: true })
  value?: string | null;
}
