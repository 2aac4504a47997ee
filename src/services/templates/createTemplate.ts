import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { Channel } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import type { ServiceContext } from '../context.ts';
import { nameTaken, readName } from '../names.ts';
import { recordActivity } from '../recordActivity.ts';
import { templateErrors } from './checkTemplate.ts';

export interface CreateTemplate {
  name: string;
  channel: Channel;
  /** for mails, and only for them */
  subject?: string | null;
  body: string;
}

/**
 * @returns the uuid of the new template
 * @throws {UserErrors} INVALID with the place of the mistake, CONFLICT
 */
export async function createTemplate({ em, actor }: ServiceContext, { channel, subject = null, body, ...input }: CreateTemplate): Promise<string> {
  const name = readName(input.name);
  const errors = templateErrors(channel, { subject, body }, ['input']);
  if (channel === Channel.EMAIL && subject === null) {
    errors.push({ code: UserErrorCode.INVALID, message: 'A mail needs a subject.', field: ['input', 'subject'] });
  }
  if (errors.length > 0) throw new UserErrors(...errors);
  return em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const id = uuidv7();
    const { rows } = await sql`
      insert into templates (id, name, channel, subject, body, created_by)
      values (${id}::uuid, ${name}, ${channel}::channel, ${subject}, ${body}, ${actor.name})
      on conflict (name) do nothing returning id`.execute(db);
    if (rows.length === 0) throw nameTaken('template');
    await recordActivity(db, { actor: actor.name, action: 'template.created', subjectType: 'Template', subjectId: id });
    return id;
  });
}
