import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { ChunkState } from '../domain/enums.ts';
import { Job } from './Job.ts';
import { timestamp } from './Record.ts';

/**
 * A range of a job's targets, leased by one worker at a time. Every write on behalf of a chunk is guarded by
 * `fence = $mine and state = 'running'`, so that a worker that lost its lease changes nothing.
 */
@Entity({ tableName: 'job_chunks' })
@Index({
  name: 'job_chunks_claimable',
  expression: `create index "job_chunks_claimable" on "job_chunks" ("job_id", "number") where "state" in ('ready', 'running')`,
})
@Check({ name: 'job_chunks_lease', expression: `(state = 'running') = (lease_until is not null)` })
export class JobChunk {
  @ManyToOne({ entity: () => Job, primary: true, deleteRule: 'cascade' })
  job!: Job;

  @PrimaryKey({ type: 'integer' })
  number!: number;

  @Enum({ items: () => ChunkState, nativeEnumName: 'chunk_state', default: ChunkState.READY })
  state: ChunkState = ChunkState.READY;

  @Property({ type: 'integer', default: 0 })
  fence: number = 0;

  @Property({ ...timestamp, nullable: true })
  leaseUntil?: Date | null;

  @Property({ type: 'uuid', nullable: true })
  leasedBy?: string | null;

  @Property({ type: 'integer', default: 0 })
  attempts: number = 0;

  /** The targets of a draft job, in order; empty for an import, whose targets are lines. */
  @Property({ columnType: 'uuid[]', type: 'string[]', defaultRaw: `'{}'` })
  targetIds: string[] = [];

  /** Ordinal of the first target (draft: position; import: row number), counted from 1. */
  @Property({ type: 'integer' })
  firstOrdinal!: number;

  @Property({ type: 'integer' })
  targetCount!: number;

  @Property({ type: 'integer', default: 0 })
  doneCount: number = 0;

  @Property({ type: 'integer', default: 0 })
  failedCount: number = 0;

  @Property({ type: 'integer', default: 0 })
  skippedCount: number = 0;

  @Property({ type: 'integer', default: 0 })
  draftsCreated: number = 0;

  @Property({ type: 'json', defaultRaw: `'{}'` })
  outcomeCounts: { [outcome: string]: number } = {};

  /** Why the last attempt failed, when it did. */
  @Property({ type: 'text', nullable: true })
  error?: string | null;
}
