import { sql, type Kysely } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { defaultTemplate, type TemplateSource } from './draftTemplate.ts';

/** What was asked for; what is absent comes from the settings, key `draft.email` or `draft.social`, or else is built in. */
export async function chooseTemplate(
  db: Kysely<any>,
  channel: Channel,
  { subjectTemplate, bodyTemplate }: { subjectTemplate?: string | null; bodyTemplate?: string | null },
): Promise<TemplateSource> {
  const { rows } = await sql<{ value: unknown }>`select value from settings where key = ${`draft.${channel}`}`.execute(db);
  const fallback = defaultTemplate(channel, rows[0]?.value);
  return {
    subject: channel === Channel.EMAIL ? (subjectTemplate ?? fallback.subject) : null,
    body: bodyTemplate ?? fallback.body,
  };
}
