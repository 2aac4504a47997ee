import { Check, Entity, Enum, Index, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { DecimalType } from '@mikro-orm/core';
import { JobStatus, JobType } from '../domain/enums.ts';
import { MutableRecord, timestamp } from './Record.ts';

/** A long piece of work over many targets; its chunks are the checkpoints, its counters their rolled-up sums. */
@Entity({ tableName: 'jobs' })
@Index({ name: 'jobs_created_at', properties: ['createdAt', 'id'] })
@Index({ name: 'jobs_job_type', properties: ['jobType', 'createdAt', 'id'] })
@Index({ name: 'jobs_status', properties: ['status', 'createdAt', 'id'] })
@Index({
  name: 'jobs_finished_at',
  expression: `create index "jobs_finished_at" on "jobs" (coalesce("finished_at", 'infinity'::timestamptz), "id")`,
})
@Check({ name: 'jobs_counters_not_negative', expression: 'least(done_count, failed_count, skipped_count, drafts_created) >= 0' })
@Check({
  name: 'jobs_finished_at_in_terminal_states',
  expression: `(finished_at is not null) = (status in ('cancelled', 'succeeded', 'completed_with_errors', 'failed'))`,
})
export class Job extends MutableRecord {
  @Enum({ items: () => JobType, nativeEnumName: 'job_type' })
  jobType!: JobType;

  @Enum({ items: () => JobStatus, nativeEnumName: 'job_status', default: JobStatus.PENDING })
  status: JobStatus = JobStatus.PENDING;

  /** Rises under the row's lock with every change that a subscriber may see. */
  @Property({ type: 'integer', default: 0 })
  sequence: number = 0;

  @Property({ type: 'integer', nullable: true })
  totalTargets?: number | null;

  @Property({ type: 'integer', default: 0 })
  doneCount: number = 0;

  @Property({ type: 'integer', default: 0 })
  failedCount: number = 0;

  @Property({ type: 'integer', default: 0 })
  skippedCount: number = 0;

  @Property({
    type: 'integer',
    generated: '(done_count + failed_count + skipped_count) stored',
  })
  processed?: number;

  @Property({ type: 'integer', default: 0 })
  draftsCreated: number = 0;

  /** outcome → count; the counts sum to `processed` */
  @Property({ type: 'json', defaultRaw: `'{}'` })
  outcomeCounts: { [outcome: string]: number } = {};

  /** failure code → its count and one example; the most frequent 20 */
  @Property({ type: 'json', defaultRaw: `'[]'` })
  failureReasons: { code: string; message: string; count: number }[] = [];

  /** What the job was asked to do: templates, file digest, mapping, codes to retry. */
  @Property({ type: 'json', defaultRaw: `'{}'` })
  parameters: { [name: string]: unknown } = {};

  @Property({ type: 'boolean', default: false })
  dryRun: boolean = false;

  @Property({ type: 'text', nullable: true })
  createdBy?: string | null;

  @Property({ type: 'integer', default: 1 })
  attempt: number = 1;

  @ManyToOne({ entity: () => Job, nullable: true, deleteRule: 'set null', index: 'jobs_retry_of' })
  retryOf?: Job | null;

  /** Spent on a language model, in the currency of the configured prices. */
  @Property({ type: new DecimalType('number'), precision: 12, scale: 6, default: 0 })
  cost: number = 0;

  @Property({ type: 'text', nullable: true })
  error?: string | null;

  @Property({ ...timestamp, nullable: true })
  startedAt?: Date | null;

  @Property({ ...timestamp, nullable: true })
  finishedAt?: Date | null;
}
