import { Entity, Enum, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Role } from '../domain/enums.ts';
import { Record, timestamp } from './Record.ts';

/** A key is shown once; only its sha-256 is kept. */
@Entity({ tableName: 'api_keys' })
@Unique({ name: 'api_keys_hash', properties: ['hash'] })
export class ApiKey extends Record {
  @Property({ type: 'text' })
  name!: string;

  @Enum({ items: () => Role, nativeEnumName: 'role' })
  role!: Role;

  @Property({ type: 'text' })
  hash!: string;

  @Property({ ...timestamp, nullable: true })
  expiresAt?: Date | null;

  @Property({ ...timestamp, nullable: true })
  revokedAt?: Date | null;

  @Property({ ...timestamp, nullable: true })
  lastUsedAt?: Date | null;
}
