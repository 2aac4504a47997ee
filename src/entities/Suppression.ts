import { Entity, Enum, Property, Unique } from '@mikro-orm/decorators/legacy';
import { SuppressionKind } from '../domain/enums.ts';
import { Record } from './Record.ts';

/** Somebody who must not be contacted. Only a keyed hash is kept, so that it survives the erasure of the person. */
@Entity({ tableName: 'suppressions' })
@Unique({ name: 'suppressions_kind_hash', properties: ['kind', 'hash'] })
export class Suppression extends Record {
  @Enum({ items: () => SuppressionKind, nativeEnumName: 'suppression_kind' })
  kind!: SuppressionKind;

  @Property({ type: 'text' })
  hash!: string;

  @Property({ type: 'text' })
  reason!: string;

  @Property({ type: 'text', nullable: true })
  createdBy?: string | null;
}
