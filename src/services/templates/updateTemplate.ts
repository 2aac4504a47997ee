import { type Kysely, sql } from 'kysely';
import type { Channel } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import type { ServiceContext } from '../context.ts';
import { nameTaken, readName } from '../names.ts';
import { recordActivity } from '../recordActivity.ts';
import { templateErrors } from './checkTemplate.ts';

/** What is absent stays. */
export interface UpdateTemplate {
  /** uuid */
  templateId: string;
  /** as it was read */
  updatedAt: Date;
  name?: string | null;
  subject?: string | null;
  body?: string | null;
}

/** Drafts that were made from it stay as they are. @throws {UserErrors} NOT_FOUND, STALE, INVALID, CONFLICT */
export async function updateTemplate({ em, actor }: ServiceContext, { templateId, updatedAt, ...input }: UpdateTemplate): Promise<void> {
  const name = input.name == null ? null : readName(input.name);
  await em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    // Of two who take one name at once, the second shall be told, not broken off by the unique key.
    await sql`lock table templates in share row exclusive mode`.execute(db);
    const channel = await channelOf(db, templateId, updatedAt);
    const errors = templateErrors(channel, input, ['input']);
    if (errors.length > 0) throw new UserErrors(...errors);
    const { rows: others } = await sql<{ id: string }>`select id from templates where name = ${name} and id <> ${templateId}::uuid`.execute(db);
    if (others[0]) throw nameTaken('template', toGlobalId('Template', others[0].id));
    await sql`
      update templates set name = coalesce(${name}, name), subject = coalesce(${input.subject ?? null}, subject), body = coalesce(${input.body ?? null}, body)
      where id = ${templateId}::uuid`.execute(db);
    await recordActivity(db, { actor: actor.name, action: 'template.updated', subjectType: 'Template', subjectId: templateId });
  });
}

async function channelOf(db: Kysely<any>, id: string, updatedAt: Date): Promise<Channel> {
  const { rows } = await sql<{ channel: Channel; current: boolean }>`
    select channel, updated_at = ${updatedAt.toISOString()}::timestamptz as current from templates where id = ${id}::uuid`.execute(db);
  const [template] = rows;
  if (!template) throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such template.', field: ['input', 'id'] });
  if (!template.current) {
    throw new UserErrors({
      code: UserErrorCode.STALE,
      message: 'The template has changed since it was read: look at it again, then change it.',
      field: ['input', 'updatedAt'],
      target: toGlobalId('Template', id),
    });
  }
  return template.channel;
}
