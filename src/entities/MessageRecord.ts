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

  @Property({ ...timestamp, nullable: true })
  sentAt?: Date | null;
}
