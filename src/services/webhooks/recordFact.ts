import { type Kysely, sql } from 'kysely';
import { NIL } from 'uuid';
import { isSchemaFailure } from '../../domain/databaseErrors.ts';
import { recordActivity } from '../recordActivity.ts';
import { type NewEvent, recordEvent } from './recordEvent.ts';

/**
 * The event of what has happened already: a mail has left, a reply has come, a job has ended. That must not be forgotten for
 * those who would hear of it, so that where the tables of webhooks are broken the event tells nobody, and is an activity.
 */
export async function recordFact(db: Kysely<any>, { event, payload }: NewEvent): Promise<void> {
  await sql`savepoint event`.execute(db);
  try {
    await recordEvent(db, { event, payload });
  } catch (error) {
    if (!isSchemaFailure(error)) throw error;
    await sql`rollback to savepoint event`.execute(db);
    await recordActivity(db, { actor: 'schema health', action: 'event.untold', subjectType: 'Webhook', subjectId: NIL, details: { event, ...payload } });
  }
  await sql`release savepoint event`.execute(db);
}
