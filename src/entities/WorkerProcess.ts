import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { timestamp } from './Record.ts';

/** A worker process; it reports every few seconds. */
@Entity({ tableName: 'workers' })
export class WorkerProcess {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  version!: string;

  @Property({ ...timestamp, defaultRaw: 'now()' })
  startedAt: Date = new Date();

  @Property({ ...timestamp, defaultRaw: 'now()' })
  seenAt: Date = new Date();

  @Property({ type: 'integer', default: 0 })
  runningChunks: number = 0;
}
