import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** The table of rate-limiter-flexible, in the shape that it expects. */
@Entity({ tableName: 'rate_limits' })
export class RateLimit {
  @PrimaryKey({ type: 'string', length: 255 })
  key!: string;

  @Property({ type: 'integer', default: 0 })
  points: number = 0;

  /** milliseconds since 1970 */
  @Property({ columnType: 'bigint', type: 'bigint', nullable: true })
  expire?: string | null;
}
