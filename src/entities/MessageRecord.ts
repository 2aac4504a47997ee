import { Enum, Property } from '@mikro-orm/decorators/legacy';
import { MessageStatus } from '../domain/enums.ts';
import { MutableRecord, timestamp } from './Record.ts';

/** What the messages of both channels have in common; each channel has its own table. */
export abstract class MessageRecord extends MutableRecord {
  @Enum({ items: () => MessageStatus, nativeEnumName: 'message_status', default: MessageStatus.QUEUED })
  status: MessageStatus = MessageStatus.QUEUED;

  @Property({ type: 'boolean', default: false })
  isFollowUp: boolean = false;

  @Property({ type: 'text' })
  body!: string;

  @Property({ type: 'text' })
  recipient!: string;

  @Property({ type: 'text', nullable: true })
  error?: string | null;

  /** Why it waits: window, daily cap, gap, suppression, configuration. */
  @Property({ type: 'text', nullable: true })
  blockedBy?: string | null;

  /** Not before. */
  @Property({ ...timestamp, nullable: true })
  dueAt?: Date | null;

  @Property({ type: 'integer', default: 0 })
  attempts: number = 0;

  /** Number of the chunk of its job that ends with it. */
  @Property({ type: 'integer', nullable: true })
  chunk?: number | null;

  /** Grows with every claim: who comes back with an older one changes nothing. */
  @Property({ type: 'integer', default: 0 })
  fence: number = 0;

  /** While it is being sent: until when whoever sends it may be silent. */
  @Property({ ...timestamp, nullable: true })
  leaseUntil?: Date | null;

  /** Set before the end of the text leaves: from then on it may have arrived, whatever happens. */
  @Property({ ...timestamp, nullable: true })
  handedOverAt?: Date | null;

  /** The draft's, as it was approved. */
  @Property({ type: 'text', nullable: true })
  fingerprint?: string | null;

  /** From whom: the e-mail address, or the social channel's way out. */
  @Property({ type: 'text', nullable: true })
  sender?: string | null;

  /** The last answer of the other side. */
  @Property({ type: 'text', nullable: true })
  response?: string | null;

  @Property({ ...timestamp, nullable: true })
  sentAt?: Date | null;
}
