import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { WebhookEvent } from '../../domain/enums.ts';
import { freshUuid } from '../freshUuid.ts';

export interface NewEvent {
  event: `${WebhookEvent}`;
  /** global ids and states in the contract's spelling, no personal data */
  payload: { [name: string]: unknown };
}

/**
 * One delivery for each enabled webhook that wants the event, in the transaction that makes it; they share the event's
 * id, by which a receiver knows a repetition.
 */
export async function recordEvent(db: Kysely<any>, { event, payload }: NewEvent): Promise<void> {
  await sql`
    insert into webhook_deliveries (id, webhook_id, event_id, event, payload)
    select ${freshUuid}, id, ${uuidv7()}::uuid, ${event}, ${JSON.stringify(payload)}::jsonb
    from webhooks where enabled and ${event} = any(events)`.execute(db);
}
