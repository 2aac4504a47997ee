import { Entity, Enum, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Channel } from '../domain/enums.ts';
import { MutableRecord, timestamp } from './Record.ts';

/** Whom messages come from. Its row is locked while one of them is claimed: the daily cap and the gap hold over every worker. */
@Entity({ tableName: 'senders' })
@Unique({ name: 'senders_address', properties: ['channel', 'address'] })
export class Sender extends MutableRecord {
  @Enum({ items: () => Channel, nativeEnumName: 'channel' })
  channel!: Channel;

  /** The e-mail address, or the social channel's way out. */
  @Property({ type: 'text' })
  address!: string;

  /** The day, in the time zone of the sending window, that `sentToday` counts. */
  @Property({ columnType: 'date', type: 'date', nullable: true })
  day?: string | null;

  @Property({ type: 'integer', default: 0 })
  sentToday: number = 0;

  /** When the last message was claimed: the gap counts from here. */
  @Property({ ...timestamp, nullable: true })
  claimedAt?: Date | null;

  /** What the mail server said last when it took nothing from this sender, whatever the message. */
  @Property({ type: 'text', nullable: true })
  blockedBy?: string | null;

  /** Until then it is not asked again. */
  @Property({ ...timestamp, nullable: true })
  blockedUntil?: Date | null;

  /** How often in a row it took nothing: the pauses grow with it. */
  @Property({ type: 'integer', default: 0 })
  failures: number = 0;

  /** When its SPF, DKIM and DMARC records were last looked up, and what was found. */
  @Property({ ...timestamp, nullable: true })
  checkedAt?: Date | null;

  @Property({ type: 'json', defaultRaw: `'[]'` })
  records: unknown[] = [];
}
