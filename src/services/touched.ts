import { sql, type RawBuilder } from 'kysely';

/**
 * What every UPDATE of prospects sets besides: the version that others have read is strictly exceeded. One that leaves it out is
 * touched by a trigger after it, with a second UPDATE; a trigger before it would have `search` computed anew for each row.
 * @param table the name or alias that the statement gives to prospects
 */
export function touched(table = 'prospects'): RawBuilder<unknown> {
  return sql`updated_at = greatest(now(), ${sql.ref(`${table}.updated_at`)} + interval '1 millisecond')`;
}
