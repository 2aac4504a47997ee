import { type Kysely, sql } from 'kysely';
import type { Channel } from '../../domain/enums.ts';
import { type SendingRules, type SettingKey, settingSchemas, type SettingValue } from './settings.ts';

export interface Settings {
  sending: Readonly<Record<Channel, SendingRules>>;
  followUp: SettingValue<'followUp'>;
  draft: Readonly<Record<Channel, SettingValue<'draft.email'>>>;
  followUpDraft: Readonly<Record<Channel, SettingValue<'followUp.email'>>>;
  languageModel: SettingValue<'languageModel'>;
  /** one sentence for each stored value that cannot be used, so that the default holds instead */
  problems: readonly string[];
  /** when one of them was last changed, and by whom; null while all are the code's */
  updatedAt: Date | null;
  updatedBy: string | null;
}

/** The settings as they hold now: what is stored, and the defaults of the code for the rest. */
export async function readSettings(db: Kysely<any>): Promise<Settings> {
  const { rows } = await sql<{ key: string; value: unknown; at: number; by: string | null }>`
    select key, value, (extract(epoch from updated_at) * 1000)::float8 as at, updated_by as by from settings
    where key = any(${Object.keys(settingSchemas)}) order by updated_at desc`.execute(db);
  const [latest] = rows;
  const stored = new Map(rows.map(({ key, value }) => [key, value]));
  const problems: string[] = [];
  const read = <Key extends SettingKey>(key: Key) => readSetting(key, stored.get(key), problems);
  return {
    sending: { email: read('sending.email'), social: read('sending.social') },
    followUp: read('followUp'),
    draft: { email: read('draft.email'), social: read('draft.social') },
    followUpDraft: { email: read('followUp.email'), social: read('followUp.social') },
    languageModel: read('languageModel'),
    problems,
    updatedAt: latest ? new Date(latest.at) : null,
    updatedBy: latest?.by ?? null,
  };
}

/** Each field for itself: one that cannot be used costs no other. */
function readSetting<Key extends SettingKey>(key: Key, value: unknown, problems: string[]): SettingValue<Key> {
  const schema = settingSchemas[key];
  const given = value ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    problems.push(`The setting ${key} is no object: its defaults hold.`);
    return schema.parse({}) as SettingValue<Key>;
  }
  const usable = { ...given } as Record<string, unknown>;
  for (const [field, fieldSchema] of Object.entries(schema.shape)) {
    const parsed = fieldSchema.safeParse(usable[field]);
    if (parsed.success) continue;
    const [issue] = parsed.error.issues;
    problems.push(`The setting ${[key, field, ...issue!.path].join('.')} cannot be used (${issue!.message}): its default holds.`);
    delete usable[field];
  }
  return schema.parse(usable) as SettingValue<Key>;
}
