import { Enum, Property } from '@mikro-orm/decorators/legacy';
import { DraftStatus } from '../domain/enums.ts';
import { MutableRecord } from './Record.ts';

/** An approval is of exactly this text to exactly this recipient. */
export const approvedText = `coalesce(approved_fingerprint, '') = fingerprint or status in ('generating', 'pending_review', 'rejected', 'failed')`;

/** What the drafts of both channels have in common; each channel has its own table. */
export abstract class DraftRecord extends MutableRecord {
  @Property({ type: 'text' })
  body!: string;

  @Enum({ items: () => DraftStatus, nativeEnumName: 'draft_status', default: DraftStatus.PENDING_REVIEW })
  status: DraftStatus = DraftStatus.PENDING_REVIEW;

  /** Grows by one with every change of the text. */
  @Property({ type: 'integer', default: 1 })
  version: number = 1;

  /** sha-256 in hex over channel, recipient, subject and body */
  @Property({ type: 'text' })
  fingerprint!: string;

  /** The fingerprint that an approval read. */
  @Property({ type: 'text', nullable: true })
  approvedFingerprint?: string | null;

  @Property({ type: 'boolean', default: false })
  isFollowUp: boolean = false;

  /** The e-mail address or the profile's URL. */
  @Property({ type: 'text', nullable: true })
  recipient?: string | null;

  @Property({ type: 'text', nullable: true })
  reviewReason?: string | null;

  /** What the lint found. */
  @Property({ columnType: 'text[]', type: 'string[]', defaultRaw: `'{}'` })
  problems: string[] = [];
}
