import { type Kysely, sql } from 'kysely';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import type { ServiceContext } from '../context.ts';
import { recordActivity } from '../recordActivity.ts';

/**
 * Sends an event again at once; the receiver knows it by the same id. One that has ended has all its attempts before it
 * again, one that waits is only brought forward.
 * @throws {UserErrors} NOT_FOUND
 */
export async function redeliverWebhook({ em, actor }: ServiceContext, deliveryId: string): Promise<void> {
  await em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const { rows } = await sql<{ webhook_id: string }>`
      update webhook_deliveries set
        attempts = case state when 'waiting' then attempts else 0 end, state = 'waiting', due_at = now(), finished_at = null
      where id = ${deliveryId}::uuid returning webhook_id`.execute(db);
    if (!rows[0]) throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such delivery.', field: ['input', 'id'] });
    await recordActivity(db, { actor: actor.name, action: 'webhook.redelivered', subjectType: 'Webhook', subjectId: rows[0].webhook_id, details: { delivery: deliveryId } });
  });
}
