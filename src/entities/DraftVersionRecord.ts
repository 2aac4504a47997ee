import { Property } from '@mikro-orm/decorators/legacy';
import { Record } from './Record.ts';

/** A text that a draft had before it was edited; the present one stands in the draft. */
export abstract class DraftVersionRecord extends Record {
  @Property({ type: 'integer' })
  version!: number;

  @Property({ type: 'text' })
  body!: string;

  @Property({ type: 'text' })
  fingerprint!: string;

  /** Who replaced it. */
  @Property({ type: 'text' })
  replacedBy!: string;
}
