import { type Kysely, sql } from 'kysely';
import type { EntityManager } from '@mikro-orm/postgresql';
import { recordActivity } from '../recordActivity.ts';
import type { ClaimedDelivery } from './claimDeliveries.ts';
import type { PostOutcome } from './postDelivery.ts';

const gone = 410;
const day = 86_400;
/** Seconds after each attempt that failed: 12 attempts in some three days. */
export const pauses: readonly number[] = [5, 30, 120, 600, 1_800, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, day, day];

/** Writes down how an attempt ended, unless somebody else has taken the delivery since. */
export async function endAttempt(em: EntityManager, delivery: ClaimedDelivery, { status, error, retryAfter }: PostOutcome): Promise<void> {
  const pause = pauses[delivery.attempts - 1];
  const isOver = error === null || status === gone || pause === undefined;
  const state = error === null ? 'delivered' : isOver ? 'failed' : 'waiting';
  // Those that failed together shall not come back together.
  const seconds = Math.min(Math.max((pause ?? 0) * (0.9 + Math.random() / 5), retryAfter ?? 0), day);
  await em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const { rows } = await sql`
      update webhook_deliveries set
        state = ${state}::delivery_state, http_status = ${status}, error = ${error},
        due_at = case when ${isOver}::boolean then due_at else clock_timestamp() + ${seconds} * interval '1 second' end,
        finished_at = case when ${isOver}::boolean then clock_timestamp() end
      where id = ${delivery.id}::uuid and state = 'waiting' and attempts = ${delivery.attempts}
      returning id`.execute(db);
    if (rows.length > 0 && status === gone) await disable(db, delivery);
  });
}

/** The receiver says that it is gone for good; one that was named in its stead meanwhile has said nothing. */
async function disable(db: Kysely<any>, { webhookId, url }: ClaimedDelivery): Promise<void> {
  const { rows } = await sql`update webhooks set enabled = false where id = ${webhookId}::uuid and url = ${url} and enabled returning id`.execute(db);
  if (rows.length === 0) return;
  await recordActivity(db, { actor: 'worker', action: 'webhook.disabled', subjectType: 'Webhook', subjectId: webhookId, details: { httpStatus: gone } });
}
