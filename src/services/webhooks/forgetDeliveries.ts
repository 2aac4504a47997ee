import { type Kysely, sql } from 'kysely';

const kept = '30 days';

/** What was taken or given up is kept for a while, to look at and to send again; what waits stays. */
export async function forgetDeliveries(db: Kysely<any>): Promise<void> {
  await sql`
    delete from webhook_deliveries where created_at < now() - ${kept}::interval and finished_at < now() - ${kept}::interval`.execute(db);
}
