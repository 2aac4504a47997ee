import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Outreach } from '../../config/outreach.ts';
import type { WebhookEvent } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { newWebhookSecret } from '../../domain/webhookSignature.ts';
import type { ServiceContext } from '../context.ts';
import { recordActivity } from '../recordActivity.ts';
import { webhookUrlProblem } from './postDelivery.ts';

export interface CreateWebhook {
  /** http or https, public or allowed */
  url: string;
  events: readonly WebhookEvent[];
}

/** @returns its uuid and its secret, which can be read nowhere else @throws {UserErrors} INVALID */
export async function createWebhook({ em, actor, outreach }: ServiceContext, { url, events }: CreateWebhook): Promise<{ id: string; secret: string }> {
  checkUrl(url, outreach);
  checkEvents(events);
  return em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const id = uuidv7();
    const secret = newWebhookSecret();
    await sql`
      insert into webhooks (id, url, events, secret, created_by)
      values (${id}::uuid, ${url}, ${[...new Set(events)]}::text[], ${secret}, ${actor.name})`.execute(db);
    await recordActivity(db, { actor: actor.name, action: 'webhook.created', subjectType: 'Webhook', subjectId: id });
    return { id, secret };
  });
}

/** @throws {UserErrors} INVALID */
export function checkUrl(url: string, { webhooks }: Outreach): void {
  const problem = webhookUrlProblem(url, webhooks.allowedHosts);
  if (problem) throw new UserErrors({ code: UserErrorCode.INVALID, message: problem, field: ['input', 'url'] });
}

/** @throws {UserErrors} INVALID */
export function checkEvents(events: readonly WebhookEvent[]): void {
  if (events.length === 0) {
    throw new UserErrors({ code: UserErrorCode.INVALID, message: 'Name an event at least; disable a webhook that shall be told nothing.', field: ['input', 'events'] });
  }
}
