import { type Kysely, sql } from 'kysely';

const lock = sql`hashtextextended('suppressions', 0)`;

/**
 * From here until the transaction ends nobody is suppressed: whom it finds allowed may be written down as such. Call it
 * before any row is locked. Any number of transactions hold at once.
 */
export async function holdSuppressions(db: Kysely<any>): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${lock})`.execute(db);
}

/** Waits for those who hold: whatever they wrote is seen, so that nobody slips through who is written at the same moment. */
export async function changeSuppressions(db: Kysely<any>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lock})`.execute(db);
}
