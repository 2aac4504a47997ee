import { type Kysely, sql } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { readSettings } from '../settings/readSettings.ts';
import type { TemplateSource } from './draftTemplate.ts';

export interface TemplateChoice {
  /** uuid of a template that is kept, instead of texts */
  templateId?: string | null;
  subjectTemplate?: string | null;
  bodyTemplate?: string | null;
}

/**
 * What was asked for; what is absent comes from the settings, or else is built in.
 * @throws {UserErrors} NOT_FOUND, INVALID
 */
export async function chooseTemplate(db: Kysely<any>, channel: Channel, choice: TemplateChoice): Promise<TemplateSource> {
  const { templateId, subjectTemplate, bodyTemplate } = choice;
  if (templateId) {
    if (subjectTemplate != null || bodyTemplate != null) throw refusal(UserErrorCode.INVALID, 'Give templateId or texts, not both.');
    return readTemplate(db, channel, templateId);
  }
  const fallback = (await readSettings(db)).draft[channel];
  return {
    subject: channel === Channel.EMAIL ? (subjectTemplate ?? fallback.subject) : null,
    body: bodyTemplate ?? fallback.body,
  };
}

async function readTemplate(db: Kysely<any>, channel: Channel, id: string): Promise<TemplateSource> {
  const { rows } = await sql<TemplateSource & { channel: Channel }>`select channel, subject, body from templates where id = ${id}::uuid`.execute(db);
  if (!rows[0]) throw refusal(UserErrorCode.NOT_FOUND, 'There is no such template.');
  if (rows[0].channel !== channel) throw refusal(UserErrorCode.INVALID, `The template is for ${rows[0].channel.toUpperCase()}, not for ${channel.toUpperCase()}.`);
  return { subject: rows[0].subject, body: rows[0].body };
}

const refusal = (code: UserErrorCode, message: string) => new UserErrors({ code, message, field: ['input', 'templateId'] });
