import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { OutriderError } from '../../domain/errors.ts';
import type { CheckedSearch } from './readSearch.ts';

/** The row of a search, found again when the same is searched again. Inside the caller's transaction. @returns its uuid @throws {OutriderError} DATA_INTEGRITY */
export async function keepQuery(db: Kysely<any>, { adapter, query, intent, given }: CheckedSearch, createdBy: string): Promise<string> {
  const filters = JSON.stringify(given);
  const { platform } = adapter;
  // Of two at once the second waits here, and finds the first one's row.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`discovery ${platform} ${query}`}, 0))`.execute(db);
  const known = await sql<{ id: string }>`
    select id from discovery_queries
    where platform = ${platform}::platform and query = ${query} and filters = ${filters}::jsonb
    order by created_at limit 1`.execute(db);
  if (known.rows[0]) return known.rows[0].id;
  const id = uuidv7();
  const { searchIntent = null, targetAudience = null, location = null, language = null, minFollowers = null } = intent;
  const inserted = await sql`
    insert into discovery_queries (id, platform, query, search_intent, target_audience, location, language, min_followers, filters, created_by)
    values (${id}::uuid, ${platform}::platform, ${query}, ${searchIntent}, ${targetAudience}, ${location}, ${language}, ${minFollowers}, ${filters}::jsonb, ${createdBy})
    returning id`.execute(db);
  if (inserted.rows.length === 0) throw new OutriderError('DATA_INTEGRITY', 'The search that was written is not there: something swallows the writes to discovery_queries.');
  return id;
}
