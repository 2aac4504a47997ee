import { type Kysely, sql } from 'kysely';
import type { WebhookEvent } from '../../domain/enums.ts';

export interface ClaimedDelivery {
  id: string;
  webhookId: string;
  url: string;
  secret: string;
  eventId: string;
  event: WebhookEvent;
  payload: object;
  /** when the event happened: milliseconds since 1970 */
  at: number;
  /** this one included */
  attempts: number;
}

export interface Claim {
  limit: number;
  perWebhook: number;
  /** webhooks, by uuid → how many of theirs the caller has in hand */
  inHand: ReadonlyMap<string, number>;
}

/** An attempt that was broken off by us does not count: it is due again at once. */
export async function giveBack(db: Kysely<any>, { id, attempts }: ClaimedDelivery): Promise<void> {
  await sql`
    update webhook_deliveries set attempts = attempts - 1, due_at = clock_timestamp()
    where id = ${id}::uuid and state = 'waiting' and attempts = ${attempts}`.execute(db);
}

/**
 * Takes what is due, some of each webhook, those first that have the least in hand, so that slow ones hold up no other. Until the lease ends nobody else
 * takes it; what a dead worker had is tried again then, with the attempt counted.
 */
export async function claimDeliveries(db: Kysely<any>, { limit, perWebhook, inHand }: Claim): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedDelivery>`
    with due as materialized (
      select waiting.id from webhooks w cross join lateral (
        select d.id from webhook_deliveries d
        where d.webhook_id = w.id and d.state = 'waiting' and d.due_at <= clock_timestamp()
        order by d.due_at limit ${perWebhook} for update skip locked
      ) waiting
      left join unnest(${[...inHand.keys()]}::uuid[], ${[...inHand.values()]}::int[]) as held (id, count) on held.id = w.id
      where w.enabled and coalesce(held.count, 0) < ${perWebhook}
      order by coalesce(held.count, 0)
      limit ${limit}
    )
    update webhook_deliveries d set attempts = d.attempts + 1, due_at = clock_timestamp() + interval '1 minute'
    from due, webhooks w
    where d.id = due.id and w.id = d.webhook_id
    returning d.id, d.webhook_id as "webhookId", w.url, w.secret, d.event_id as "eventId", d.event, d.payload,
      (extract(epoch from d.created_at) * 1000)::float8 as at, d.attempts`.execute(db);
  return rows;
}
