import { type Kysely, sql } from 'kysely';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import type { ServiceContext } from '../context.ts';
import { recordActivity } from '../recordActivity.ts';
import { checkEvents, checkUrl, type CreateWebhook } from './createWebhook.ts';

/** What is absent stays. */
export interface UpdateWebhook extends Partial<{ [Field in keyof CreateWebhook]: CreateWebhook[Field] | null }> {
  /** uuid */
  webhookId: string;
  enabled?: boolean | null;
}

/** Its secret stays. @throws {UserErrors} NOT_FOUND, INVALID */
export async function updateWebhook({ em, actor, outreach }: ServiceContext, { webhookId, url, events, enabled }: UpdateWebhook): Promise<void> {
  if (url != null) checkUrl(url, outreach);
  if (events) checkEvents(events);
  await em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const { rows } = await sql`
      update webhooks set
        url = coalesce(${url ?? null}, url), events = coalesce(${events ? [...new Set(events)] : null}::text[], events),
        enabled = coalesce(${enabled ?? null}::boolean, enabled)
      where id = ${webhookId}::uuid returning id`.execute(db);
    if (rows.length === 0) throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such webhook.', field: ['input', 'id'] });
    const details = { ...(url && { url: true }), ...(events && { events }), ...(enabled != null && { enabled }) };
    await recordActivity(db, { actor: actor.name, action: 'webhook.updated', subjectType: 'Webhook', subjectId: webhookId, details });
  });
}
