import { PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { v7 as uuidv7 } from 'uuid';

/** Milliseconds, so that a value survives the way through a JavaScript Date unchanged. */
export const timestamp = { type: Date, columnType: 'timestamptz(3)' } as const;

/** What every row with an identity of its own has. */
export abstract class Record {
  @PrimaryKey({ type: 'uuid' })
  id: string = uuidv7();

  @Property({ ...timestamp, defaultRaw: 'now()' })
  createdAt: Date = new Date();
}

/** A row that changes; the trigger `touch_updated_at` keeps `updatedAt` strictly rising. */
export abstract class MutableRecord extends Record {
  @Property({ ...timestamp, defaultRaw: 'now()' })
  updatedAt: Date = new Date();
}
