import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { timestamp } from './Record.ts';

/** How far a mailbox was read (RFC 9051: UIDs mean something within one UIDVALIDITY only). */
@Entity({ tableName: 'mailboxes' })
export class Mailbox {
  /** user@host/folder */
  @PrimaryKey({ type: 'text' })
  name!: string;

  @Property({ columnType: 'bigint', type: 'bigint' })
  uidValidity!: string;

  @Property({ columnType: 'bigint', type: 'bigint', default: 0 })
  lastUid: string = '0';

  @Property({ ...timestamp, nullable: true })
  readAt?: Date | null;

  @Property({ type: 'text', nullable: true })
  error?: string | null;

  /** The worker that reads it, until when it may be silent. */
  @Property({ type: 'uuid', nullable: true })
  leasedBy?: string | null;

  @Property({ ...timestamp, nullable: true })
  leaseUntil?: Date | null;
}
