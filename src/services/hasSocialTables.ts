import { type Kysely, sql } from 'kysely';

/** Whether there is a social pipeline at all: without its tables the website pipeline goes on. */
export async function hasSocialTables(db: Kysely<any>): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('social_messages') is not null and to_regclass('social_profiles') is not null as there`.execute(db);
  return rows[0]!.there;
}
