import type { Kysely } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { readSettings } from '../settings/readSettings.ts';
import type { TemplateSource } from './draftTemplate.ts';

/** What was asked for; what is absent comes from the settings, or else is built in. */
export async function chooseTemplate(
  db: Kysely<any>,
  channel: Channel,
  { subjectTemplate, bodyTemplate }: { subjectTemplate?: string | null; bodyTemplate?: string | null },
): Promise<TemplateSource> {
  const fallback = (await readSettings(db)).draft[channel];
  return {
    subject: channel === Channel.EMAIL ? (subjectTemplate ?? fallback.subject) : null,
    body: bodyTemplate ?? fallback.body,
  };
}
