import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { timestamp } from './Record.ts';

/** Remembers for 7 days what a caller's mutation with this key started. */
@Entity({ tableName: 'idempotency_keys' })
@Index({ name: 'idempotency_keys_created_at', properties: ['createdAt'] })
export class IdempotencyKey {
  @PrimaryKey({ type: 'text' })
  caller!: string;

  @PrimaryKey({ type: 'text' })
  mutation!: string;

  @PrimaryKey({ type: 'text' })
  key!: string;

  /** sha-256 of the input; the same key with another input is a CONFLICT */
  @Property({ type: 'text' })
  inputHash!: string;

  @Property({ type: 'uuid' })
  jobId!: string;

  @Property({ ...timestamp, defaultRaw: 'now()' })
  createdAt: Date = new Date();
}
