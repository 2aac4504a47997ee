import { Entity, Enum, Index, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { InboundKind } from '../domain/enums.ts';
import { EmailMessage } from './EmailMessage.ts';
import { Prospect } from './Prospect.ts';
import { Record, timestamp } from './Record.ts';

/** A mail that came in. The raw text is kept, so that a better classifier can be run over it again. */
@Entity({ tableName: 'inbound_messages' })
@Unique({ name: 'inbound_messages_raw_hash', properties: ['rawHash'] })
@Index({ name: 'inbound_messages_created_at', properties: ['createdAt', 'id'] })
@Index({ name: 'inbound_messages_prospect', properties: ['prospect', 'createdAt', 'id'] })
@Index({ name: 'inbound_messages_email_message', properties: ['emailMessage'] })
export class InboundMessage extends Record {
  /** RFC 5322, as it came; empty once the person was erased. */
  @Property({ columnType: 'bytea', type: 'blob' })
  raw!: Buffer;

  /** sha-256 in hex over it: the same mail is taken once. */
  @Property({ type: 'text' })
  rawHash!: string;

  @Property({ ...timestamp, nullable: true })
  receivedAt?: Date | null;

  /** `mailbox` or `http`. */
  @Property({ type: 'text' })
  source!: string;

  @Property({ type: 'text', nullable: true })
  sender?: string | null;

  @Property({ type: 'text', nullable: true })
  subject?: string | null;

  /** The beginning of its text. */
  @Property({ type: 'text', nullable: true })
  excerpt?: string | null;

  @Enum({ items: () => InboundKind, nativeEnumName: 'inbound_kind' })
  kind!: InboundKind;

  /** The version of the classifier that said so. */
  @Property({ type: 'integer' })
  classifier!: number;

  /** What it rests on, such as the status code of a bounce. */
  @Property({ type: 'json', defaultRaw: `'{}'` })
  details: { [name: string]: unknown } = {};

  /** The message that it answers. */
  @ManyToOne({ entity: () => EmailMessage, nullable: true, deleteRule: 'set null' })
  emailMessage?: EmailMessage | null;

  @ManyToOne({ entity: () => Prospect, nullable: true, deleteRule: 'set null' })
  prospect?: Prospect | null;
}
